package dev.ragprocessor.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaTest {
  @Test
  void the_version_is_that_of_the_last_migration() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      assertThat(
              files
                  .map(file -> Pattern.compile("V(\\d+)__.*\\.sql").matcher(name(file)))
                  .filter(matcher -> matcher.matches())
                  .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                  .max())
          .hasValue(Schema.VERSION);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
