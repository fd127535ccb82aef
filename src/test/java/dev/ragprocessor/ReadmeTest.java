package dev.ragprocessor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

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

  @Test
  void the_operators_section_names_every_command_and_no_other() throws IOException {
    Terminal nowhere =
        new Terminal(
            new PrintWriter(Writer.nullWriter()),
            new PrintWriter(Writer.nullWriter()),
            false,
            Map.of());
    CommandLine commands = RagProcessor.commandLine(nowhere);
    List<String> expected = new ArrayList<>(List.of("ingest", "replay"));
    for (String group : List.of("jobs", "documents")) {
      requireNonNull(commands.getSubcommands().get(group)).getSubcommands().keySet().stream()
          .map(name -> group + " " + name)
          .forEach(expected::add);
    }
    Set<String> named =
        Pattern.compile("`((?:jobs|documents) [a-z]+|ingest|replay) ")
            .matcher(section("## Operate it"))
            .results()
            .map(result -> result.group(1))
            .collect(Collectors.toSet());
    assertThat(named).containsExactlyInAnyOrderElementsOf(expected);
    Set<String> options = new HashSet<>();
    commands.getSubcommands().values().forEach(command -> options.addAll(optionsOf(command)));
    assertThat(Pattern.compile("--[a-z][a-z-]*").matcher(section("## Operate it")).results())
        .map(MatchResult::group)
        .filteredOn(option -> !option.equals("--format")) // gcloud's
        .allMatch(options::contains);
  }

  private static Set<String> optionsOf(CommandLine command) {
    Set<String> options = new HashSet<>(command.getCommandSpec().optionsMap().keySet());
    command.getSubcommands().values().forEach(below -> options.addAll(optionsOf(below)));
    return options;
  }

  private static String section(String heading) throws IOException {
    return Files.readString(README).split(heading + "\n", 2)[1].split("\n## ", 2)[0];
  }

  private static List<String> blocks(String heading) throws IOException {
    return Pattern.compile("(?s)```[a-z]*\n(.*?)\n```")
        .matcher(section(heading))
        .results()
        .map(result -> result.group(1))
        .toList();
  }
}
