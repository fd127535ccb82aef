package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.OpenDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one borrower sets in the session, the next one has. */
class Row07SessionStateLeaksIT {
  /** A session's setting or lock; SET LOCAL and the xact locks end with the transaction. */
  private static final Pattern SESSION_STATE =
      Pattern.compile(
          "(\"|\"\"\"\\s*)SET\\s+(?!LOCAL\\b)|pg_(try_)?advisory_lock|(?i:\"LISTEN\\s|CREATE\\s+TEMP)");

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(1);

  @Test
  void no_statement_of_ours_changes_the_session() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<Path> offenders =
          files
              .filter(file -> file.toString().endsWith(".java"))
              // These have connections of their own, which they close.
              .filter(file -> !file.endsWith("ServerCheck.java"))
              .filter(file -> !file.endsWith("Migrations.java"))
              .filter(file -> !file.endsWith("BuildConnection.java"))
              .filter(file -> SESSION_STATE.matcher(read(file)).find())
              .toList();
      assertThat(offenders).isEmpty();
    }
  }

  @Test
  void a_local_setting_ends_with_its_transaction() {
    open.database().inTransaction(db -> db.dml("SET LOCAL statement_timeout = '7s'"));
    String after =
        open.database()
            .execute(db -> (String) db.get("SHOW statement_timeout").orElseThrow().column(1).get());
    assertThat(after).isEqualTo("15s");
  }

  @Test
  void a_transaction_begun_by_sql_is_not_continued_by_the_next_borrower() throws SQLException {
    open.sql("CREATE TABLE begun (id int)");
    open.database()
        .execute(
            db -> {
              db.dml("BEGIN");
              return db.insert("INSERT INTO begun VALUES (1)");
            });
    long rows = open.database().execute(db -> Backends.rows(db, "begun"));
    assertThat(rows).isZero();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }
}
