package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Health;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.FaultProxy;
import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A host that takes every packet and answers none. */
class Row25BlackHoleIT {
  private static final Duration BOUND = Duration.ofSeconds(4);
  private static final FaultProxy proxy = proxy();

  @RegisterExtension
  static final OpenDatabase open =
      OpenDatabase.with(
          settings -> proxy.before(settings.pool(Pools.ofSize(2)).timeouts(Pools.SHORT)));

  private static FaultProxy proxy() {
    try {
      return new FaultProxy();
    } catch (IOException failure) {
      throw new ExceptionInInitializerError(failure);
    }
  }

  @AfterEach
  void recovers() {
    proxy.mode(FaultProxy.Mode.PASS);
    Pools.assertWhole(open.database());
    assertThat(open.database().execute(Backends::pid)).isPositive();
  }

  @AfterAll
  static void close() {
    proxy.close();
  }

  @Test
  void opening_fails_within_its_bound() {
    proxy.mode(FaultProxy.Mode.BLACKHOLE);
    DatabaseSettings settings = proxy.before(DatabaseSettings.of(open.url()).timeouts(Pools.SHORT));
    long began = System.nanoTime();
    assertThatThrownBy(
            () -> {
              try (Database none = Database.open(settings, new SimpleMeterRegistry())) {
                assertThat(none).isNull();
              }
            })
        .isInstanceOf(DatabaseConnectionException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUND);
  }

  @Test
  void a_scope_fails_within_its_bound_and_health_says_why() {
    proxy.mode(FaultProxy.Mode.BLACKHOLE);
    proxy.cut();
    long began = System.nanoTime();
    assertThatThrownBy(() -> open.database().execute(Backends::pid))
        .isInstanceOfSatisfying(
            DatabaseConnectionException.class,
            failure -> {
              assertThat(failure.verdict()).isEqualTo(Verdict.RETRYABLE);
              assertThat(failure.retrySafe()).isTrue();
            });
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUND);
    assertThat(open.database().health()).isInstanceOf(Health.Down.class);
  }

  @Test
  void a_connection_that_turns_silent_is_given_up() {
    long began = System.nanoTime();
    assertThatThrownBy(
            () ->
                open.database()
                    .execute(
                        db -> {
                          Backends.pid(db);
                          proxy.mode(FaultProxy.Mode.BLACKHOLE);
                          return Backends.pid(db);
                        }))
        .isInstanceOfSatisfying(
            DatabaseConnectionException.class,
            failure -> assertThat(failure.retrySafe()).as("it may have run").isFalse());
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUND);
  }
}
