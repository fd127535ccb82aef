package dev.ragprocessor.db.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.testing.TestDatabases;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakDemoIT {
  private static final int EVENTS = 10_000;

  @Test
  void the_leaky_way_dies_of_what_the_scoped_way_does_ten_thousand_times() throws SQLException {
    List<LeakDemo.Row> rows = new ArrayList<>();
    LeakDemo.Result result =
        new LeakDemo(DatabaseEndpoint.of(TestDatabases.create()), EVENTS).run(rows::add);
    assertThat(result.leakyDiedAt()).isEqualTo(LeakDemo.POOL_SIZE + 1);
    assertThat(result.lastWords()).startsWith("leaky - Connection is not available");
    assertThat(result.scopedDone()).isEqualTo(EVENTS);
    assertThat(result.scopedActive()).isZero();
    assertThat(rows).hasSize(EVENTS);
    for (int event = 1; event <= LeakDemo.POOL_SIZE; event++) {
      assertThat(rows.get(event - 1).leaky().active()).isEqualTo(event);
    }
    assertThat(rows).allSatisfy(row -> assertThat(row.scoped().active()).isZero());
    assertThat(rows.getLast().leaky().active()).isEqualTo(LeakDemo.POOL_SIZE);
  }
}
