package dev.ragprocessor.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A migration runs while the release before it is at work, and that may be rolled back to: so it
 * adds, and takes nothing away (src/docs/gke.md, "Releases and the schema"). What a later release
 * takes away says so in its name: {@code V12__contract_….sql}.
 */
class MigrationRulesTest {
  private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
  private static final Path NEXT_RELEASE = Path.of("src/test/resources/fleet/next-release");

  private static final Map<String, Pattern> TAKES_AWAY =
      Map.of(
          "drops a table, view or type", sql("DROP (TABLE|VIEW|MATERIALIZED VIEW|TYPE|SCHEMA)"),
          "drops a column", sql("DROP COLUMN"),
          "drops a function", sql("DROP (FUNCTION|PROCEDURE)"),
          "renames", sql("RENAME (TO|COLUMN|CONSTRAINT|VALUE)"),
          "changes a column's type", sql("ALTER (COLUMN )?\\w+ (SET DATA )?TYPE"),
          "requires what was optional", sql("SET NOT NULL"),
          "requires a value that the release before does not give",
              sql("ADD COLUMN (IF NOT EXISTS )?\\w+ (?![^,;]*DEFAULT)[^,;]*NOT NULL"),
          "rewrites rows that are in use", sql("TRUNCATE"));

  private static Pattern sql(String words) {
    return Pattern.compile("\\b" + words.replace(" ", "\\s+") + "\\b", Pattern.CASE_INSENSITIVE);
  }

  @Test
  void a_migration_only_adds() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path folder : List.of(MIGRATIONS, NEXT_RELEASE)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(one -> one.toString().endsWith(".sql")).toList()) {
          if (!file.toString().contains("__contract_")) {
            broken(Files.readString(file)).forEach(rule -> broken.add(file + " " + rule));
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE documents DROP COLUMN crc32c | drops a column",
        "alter table documents rename column crc32c to checksum | renames",
        "ALTER TABLE documents ALTER COLUMN generation TYPE text | changes a column's type",
        "ALTER TABLE documents ALTER generation SET NOT NULL | requires what was optional",
        "ALTER TABLE d ADD COLUMN n text NOT NULL | requires a value that the release before does"
            + " not give",
        "DROP FUNCTION rag_locked_object | drops a function",
        "DROP TABLE job_attempts | drops a table, view or type"
      })
  void what_takes_away_is_found(String sql, String rule) {
    assertThat(broken(sql)).containsExactly(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE d ADD COLUMN n text, ADD COLUMN m bigint NOT NULL DEFAULT 0 | adds",
        "DROP INDEX CONCURRENTLY IF EXISTS an_old_one | costs time, and breaks nothing",
        "CREATE TABLE t (note text NOT NULL) | nobody writes it yet"
      })
  void what_adds_is_let_pass(String sql, String why) {
    assertThat(broken(sql)).as(why).isEmpty();
  }

  private static List<String> broken(String sql) {
    String statements = sql.replaceAll("--.*", "");
    return TAKES_AWAY.entrySet().stream()
        .filter(rule -> rule.getValue().matcher(statements).find())
        .map(Map.Entry::getKey)
        .toList();
  }
}
