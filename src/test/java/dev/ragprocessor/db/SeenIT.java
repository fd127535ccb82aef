package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.FunctionCounter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Everything that happens to scopes is seen: events, meters, and the two agree. */
class SeenIT {
  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings ->
              settings.pool(
                  settings
                      .pool()
                      .size(1)
                      .permitWait(Duration.ofMillis(100))
                      .hold(Duration.ofMillis(150), Duration.ofMillis(400))));

  @TempDir Path directory;

  @Test
  void events_and_meters_tell_the_same_story() throws IOException, SQLException {
    double before = scopes("ok") + scopes("failed") + scopes("exhausted") + scopes("lost");
    List<RecordedEvent> events;
    try (Recording recording = new Recording()) {
      for (String event : List.of("ConnectionScope", "PermitWait", "ConnectionLost", "HoldLimit")) {
        recording.enable("dev.ragprocessor.db." + event).withoutThreshold();
      }
      recording.start();
      for (int scope = 0; scope < 10; scope++) {
        open.database().execute("fine", db -> db.get("SELECT 1"));
      }
      assertThatThrownBy(
          () ->
              open.database()
                  .inTransaction(
                      "failing",
                      db -> {
                        throw new IllegalArgumentException("no");
                      }));
      try (HeldScopes held = new HeldScopes(open.database(), 1)) {
        assertThat(held).isNotNull();
        assertThatThrownBy(() -> open.database().execute("late", db -> db.get("SELECT 1")))
            .isInstanceOf(ConnectionPoolExhaustedException.class);
      }
      open.kill("true");
      open.database().execute("revived", db -> db.get("SELECT 1"));
      assertThatThrownBy(() -> open.database().execute("slow", db -> db.get("SELECT pg_sleep(9)")))
          .isInstanceOf(ScopeHeldTooLongException.class);
      recording.stop();
      Path file = directory.resolve("seen.jfr");
      recording.dump(file);
      events = RecordingFile.readAllEvents(file);
    }

    assertThat(named(events, "ConnectionScope"))
        .hasSize(15)
        .anySatisfy(
            event -> {
              assertThat(event.getString("scope")).isEqualTo("fine");
              assertThat(event.getString("outcome")).isEqualTo("ok");
              assertThat(event.getInt("statements")).isEqualTo(1);
              assertThat(event.getDuration("hold")).isPositive();
              assertThat(event.getDuration("acquire")).isPositive();
            });
    assertThat(
            scopes("ok")
                + scopes("failed")
                + scopes("exhausted")
                + scopes("lost")
                + scopes("held_too_long")
                - before)
        .isEqualTo(15);
    assertThat(scopes("exhausted")).isEqualTo(1);
    assertThat(scopes("held_too_long")).isEqualTo(1);
    assertThat(named(events, "PermitWait"))
        .anySatisfy(event -> assertThat(event.getBoolean("taken")).isFalse());
    assertThat(named(events, "ConnectionLost"))
        .singleElement()
        .satisfies(event -> assertThat(event.getBoolean("replaced")).isTrue());
    assertThat(named(events, "HoldLimit"))
        .filteredOn(event -> event.getString("scope").equals("slow"))
        .extracting(event -> event.getBoolean("revoked"))
        .containsExactly(false, true);
    assertThat(named(events, "HoldLimit"))
        .allSatisfy(event -> assertThat(event.getString("holderStack")).contains("at "));
    assertThat(counter("db.connections.lost")).isEqualTo(1);
    assertThat(counter("db.connections.evicted")).isPositive();
    assertThat(open.meters().get("db.permit.wait").timer().count()).isPositive();
    assertThat(open.meters().get("db.scope.hold").timer().count()).isPositive();
    assertThat(open.meters().get("db.permits.free").gauge().value()).isEqualTo(1);
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.ragprocessor.db." + name))
        .toList();
  }

  private static double scopes(String outcome) {
    return open.meters().get("db.scopes").tag("outcome", outcome).functionCounter().count();
  }

  private static double counter(String name) {
    FunctionCounter counter = open.meters().get(name).functionCounter();
    return counter.count();
  }
}
