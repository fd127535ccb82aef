package dev.ragprocessor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestDatabasesIT {
  @Test
  void every_database_is_new_and_has_vectors() throws SQLException {
    String first = TestDatabases.create();
    String second = TestDatabases.create();

    assertThat(first).isNotEqualTo(second);
    for (String url : new String[] {first, second}) {
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t (v vector(3))");
        try (ResultSet rows = statement.executeQuery("SELECT '[1,2,3]'::vector <-> '[1,2,5]'")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getDouble(1)).isEqualTo(2.0);
        }
      }
    }
  }
}
