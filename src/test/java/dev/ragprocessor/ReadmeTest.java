package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds what the README says against what the program has. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Pattern TABLE =
      Pattern.compile("(?s)(<!-- configuration -->\n).*?(<!-- /configuration -->)");

  @Test
  void the_configuration_table_is_the_documents() throws IOException {
    String text = Files.readString(README);
    String expected =
        TABLE
            .matcher(text)
            .replaceFirst("$1" + Matcher.quoteReplacement(ConfigurationDocument.table()) + "$2");
    if ("write".equals(System.getProperty("readme"))) {
      Files.writeString(README, expected);
    } else {
      assertThat(text)
          .as("run: mvn test -Dtest=ReadmeTest -Dreadme=write")
          .containsPattern(TABLE)
          .isEqualTo(expected);
    }
  }

  @Test
  void the_two_commands_stand_alone_under_their_headings() throws IOException {
    assertThat(blocks("## Run it")).first().isEqualTo("mvn -Pdemo");
    assertThat(blocks("## Test it")).first().isEqualTo("mvn verify");
  }

  private static List<String> blocks(String heading) throws IOException {
    String section = Files.readString(README).split(heading + "\n", 2)[1].split("\n## ", 2)[0];
    return Pattern.compile("(?s)```[a-z]*\n(.*?)\n```")
        .matcher(section)
        .results()
        .map(result -> result.group(1))
        .toList();
  }
}
