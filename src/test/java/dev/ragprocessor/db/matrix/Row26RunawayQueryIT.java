package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A query that would run for minutes is ended by the server, and costs nothing else. */
class Row26RunawayQueryIT {
  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(settings -> settings.pool(Pools.ofSize(1)).timeouts(Pools.SHORT));

  @Test
  void the_statement_ends_the_connection_stays_and_the_recorder_has_it() throws IOException {
    int pid = open.database().execute(Backends::pid);
    List<RecordedEvent> slow =
        Recorded.during(
            "dev.ragprocessor.db.ConnectionScope",
            Duration.ofMillis(20),
            () ->
                assertThatThrownBy(
                        () ->
                            open.database().execute("runaway", db -> db.get("SELECT pg_sleep(60)")))
                    .isInstanceOf(DbClientException.class)
                    .satisfies(
                        failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.RETRYABLE)));
    int after = open.database().execute(Backends::pid);
    assertThat(after).isEqualTo(pid);
    assertThat(slow).hasSize(1);
    RecordedEvent event = slow.getFirst();
    assertThat(event.getString("scope")).isEqualTo("runaway");
    assertThat(event.getString("outcome")).isEqualTo("failed");
    assertThat(event.getInt("statements")).isEqualTo(1);
    assertThat(event.getDuration("hold"))
        .isBetween(Pools.SHORT.statement().minusMillis(50), Pools.SHORT.socket());
  }
}
