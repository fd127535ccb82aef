package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.DatabaseSettings;
import dev.ragprocessor.db.Health;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.FaultProxy;
import dev.ragprocessor.testing.TestDatabases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever accepts the connection does not speak as a server should. "Server didn't return client
 * encoding", which clients in another language made of it, told nobody who that was.
 */
class Row34BadHandshakeIT {
  @ParameterizedTest
  @EnumSource(names = {"NO_PARAMETERS", "CLOSE_ON_ACCEPT", "RESET"})
  void a_bad_handshake_is_retryable_and_the_message_says_whose_it_is(FaultProxy.Mode mode)
      throws IOException, SQLException {
    DatabaseSettings settings =
        DatabaseSettings.of(TestDatabases.create()).pool(Pools.ofSize(2)).timeouts(Pools.SHORT);
    try (FaultProxy proxy = new FaultProxy();
        Database database = Database.open(proxy.before(settings), new SimpleMeterRegistry())) {
      proxy.mode(mode);
      proxy.cut();
      assertThatThrownBy(() -> database.execute(Backends::pid))
          .isInstanceOfSatisfying(
              DatabaseConnectionException.class,
              failure -> {
                assertThat(failure.verdict()).isEqualTo(Verdict.RETRYABLE);
                assertThat(failure.retrySafe()).isTrue();
              })
          .hasMessageContaining("jdbc:postgresql://127.0.0.1:")
          .hasMessageContaining("SQLSTATE")
          .message()
          .as("parameters may hold a password")
          .doesNotContain("?");
      assertThat(database.health()).isInstanceOf(Health.Down.class);
      proxy.mode(FaultProxy.Mode.PASS);
      Pools.assertWhole(database);
      assertThat(database.execute(Backends::pid)).isPositive();
    }
  }
}
