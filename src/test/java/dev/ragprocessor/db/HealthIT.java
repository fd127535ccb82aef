package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.testing.HeldScopes;
import dev.ragprocessor.testing.OpenDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HealthIT {
  private static final int SIZE = 2;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(SIZE);

  @Test
  void a_saturated_pool_is_up() {
    HealthProbe probe = probe(DatabaseSettings.of(open.url()));
    try (HeldScopes held = new HeldScopes(open.database(), SIZE)) {
      assertThat(held).isNotNull();
      assertThat(open.database().health()).isEqualTo(new Health.Up());
      assertThat(probe.health()).isEqualTo(new Health.Up());
    }
  }

  @Test
  void a_full_server_is_up() throws SQLException {
    String role = "full_" + ProcessHandle.current().pid();
    HealthProbe probe = probe(DatabaseSettings.of(open.createRole(role, "CONNECTION LIMIT 0")));
    assertThat(probe.health()).isEqualTo(new Health.Up());
    open.sql("DROP ROLE " + role);
  }

  @Test
  void a_scope_that_ended_well_spares_the_probe() {
    HealthProbe probe = probe(DatabaseSettings.of("jdbc:postgresql://127.0.0.1:1/none"));
    probe.scopeEndedWell(System.nanoTime());
    assertThat(probe.health()).isEqualTo(new Health.Up());
    probe.scopeLostConnection();
    assertThat(probe.health()).isInstanceOf(Health.Down.class);
  }

  @Test
  void nobody_listening_is_down_and_worth_waiting_for() {
    HealthProbe probe = probe(DatabaseSettings.of("jdbc:postgresql://127.0.0.1:1/none"));
    assertThat(probe.health())
        .isInstanceOfSatisfying(
            Health.Down.class,
            down -> {
              assertThat(down.verdict()).isEqualTo(Verdict.RETRYABLE);
              assertThat(down.reason()).contains("127.0.0.1:1/none").contains("08001");
            });
  }

  @Test
  void a_missing_database_is_down_until_somebody_acts() {
    HealthProbe probe =
        probe(DatabaseSettings.of(open.url().replaceAll("/test_\\w+", "/no_such_database")));
    assertThat(probe.health())
        .isInstanceOfSatisfying(
            Health.Down.class, down -> assertThat(down.verdict()).isEqualTo(Verdict.MISCONFIGURED));
  }

  private static HealthProbe probe(DatabaseSettings settings) {
    return new HealthProbe(settings, new Refusals(settings.endpoint(), System::nanoTime));
  }
}
