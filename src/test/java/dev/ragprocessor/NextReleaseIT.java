package dev.ragprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * This release on tables that the next one has added to, as during a roll and after a roll back;
 * {@code RollingIT} does it under load.
 */
class NextReleaseIT {
  @TempDir Path directory;
  private String database = "";

  @BeforeEach
  void migrateToTheNextRelease() throws SQLException {
    database = TestDatabases.migrated();
    assertThat(
            Flyway.configure()
                .dataSource(database, null, null)
                .locations("classpath:db/migration", "classpath:fleet/next-release")
                .load()
                .migrate()
                .migrationsExecuted)
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"at-start", "never"})
  void it_starts_and_does_everything(String migrate) throws IOException {
    try (Running running =
        Running.over(
            database, directory, Map.of("database.migrate", migrate, "embedder.kind", "stub"))) {
      running.drop(
          "note.txt", "The key of the flour store hangs behind the clock.".getBytes(UTF_8));
      assertThat(running.ended("note.txt").error()).isEmpty();
      assertThat(running.search("Where is the key?")).hasSize(1);
      assertThat(running.admin("/health/ready").statusCode()).isEqualTo(200);

      running.drop("broken.pdf", "%PDF-1.7 and nothing else".getBytes(UTF_8));
      assertThat(running.ended("broken.pdf").error()).isNotEmpty();
      running.atRest();
    }
  }
}
