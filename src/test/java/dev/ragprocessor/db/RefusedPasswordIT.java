package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.testing.FaultProxy;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Row 35's bound: how long a refused password is taken for a rotation under way. */
class RefusedPasswordIT {
  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(1);

  private final AtomicLong passed = new AtomicLong();

  @Test
  void a_refused_password_is_retryable_for_a_minute_then_red_and_accepted_again_fine()
      throws IOException {
    try (FaultProxy proxy = new FaultProxy();
        Database database =
            Database.open(
                proxy.before(settings()),
                new SimpleMeterRegistry(),
                () -> System.nanoTime() + passed.get())) {
      proxy.mode(FaultProxy.Mode.PASSWORD_REFUSED);
      proxy.cut();
      assertDown(database, Verdict.RETRYABLE);

      passed.set(Duration.ofMinutes(1).toNanos());
      assertThatThrownBy(() -> database.execute("refused", db -> db.get("SELECT 1")))
          .isInstanceOf(DatabaseConnectionException.class)
          .hasMessageContaining("28P01")
          .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.MISCONFIGURED));
      assertDown(database, Verdict.MISCONFIGURED);

      proxy.mode(FaultProxy.Mode.PASS);
      await().until(() -> database.health() instanceof Health.Up);
      proxy.mode(FaultProxy.Mode.PASSWORD_REFUSED);
      await().until(() -> database.health() instanceof Health.Down);
      assertDown(database, Verdict.RETRYABLE);
    }
  }

  private static void assertDown(Database database, Verdict verdict) {
    assertThat(database.health())
        .isInstanceOfSatisfying(
            Health.Down.class,
            down -> {
              assertThat(down.verdict()).isEqualTo(verdict);
              assertThat(down.reason()).contains("28P01");
            });
  }

  private static DatabaseSettings settings() {
    return DatabaseSettings.of(open.url())
        .pool(PoolSettings.DEFAULT.size(1))
        .timeouts(
            new Timeouts(
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1)));
  }
}
