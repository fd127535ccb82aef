package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The SQL of the cut-over guide, run as its reader runs it. */
final class GuidePage {
  private static final Path PAGE = Path.of("src/docs/from-python.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?s)<!-- run: (\\w+) -->\\s*```sql\n(.*?)```");

  private final Map<String, String> blocks = new LinkedHashMap<>();
  private final Set<String> run = new TreeSet<>();

  GuidePage() throws IOException {
    String page = Files.readString(PAGE);
    BLOCK
        .matcher(page)
        .results()
        .forEach(block -> blocks.put(block.group(1), block.group(2).indent(-3)));
    assertThat(Pattern.compile("```sql").matcher(page).results())
        .as("every SQL of the page has a name")
        .hasSize(blocks.size());
  }

  /** Promises the rows of this block, each as its columns separated by bars; none of an update. */
  List<String> run(String url, String name) {
    run.add(name);
    return rows(url, Objects.requireNonNull(blocks.get(name), name));
  }

  static List<String> rows(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      List<String> rows = new ArrayList<>();
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          int columns = result.getMetaData().getColumnCount();
          while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int column = 1; column <= columns; column++) {
              row.add(String.valueOf(result.getString(column)));
            }
            rows.add(String.join("|", row));
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException("failed: " + sql, e);
    }
  }

  /** Promises the names of the blocks that nobody has run. */
  Set<String> untried() {
    Set<String> untried = new TreeSet<>(blocks.keySet());
    untried.removeAll(run);
    return untried;
  }
}
