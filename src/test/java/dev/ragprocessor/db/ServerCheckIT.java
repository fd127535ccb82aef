package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.testing.OpenDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServerCheckIT {
  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(1);

  @Test
  void a_budget_that_fits_is_not_mentioned() {
    ServerCheck check = ServerCheck.run(DatabaseSettings.of(open.url()));
    assertThat(check.findings()).isEmpty();
    assertThat(check.overBudget()).isFalse();
    assertThat(check.noticesLostClients()).isTrue();
  }

  @Test
  void too_many_replicas_are_refused_with_the_arithmetic() {
    DatabaseSettings settings =
        DatabaseSettings.of(open.url()).budget(new Budget(1000, Budget.Excess.REFUSE));
    assertThatIllegalStateException()
        .isThrownBy(() -> Database.open(settings, new SimpleMeterRegistry()))
        .withMessageContaining("1000 replicas x (pool of 8 + 2) = 10000 connections")
        .withMessageContaining("max_connections");
  }

  @Test
  void too_many_replicas_are_only_mentioned_where_that_is_the_setting() {
    ServerCheck check =
        ServerCheck.run(
            DatabaseSettings.of(open.url()).budget(new Budget(1000, Budget.Excess.WARN)));
    assertThat(check.overBudget()).isTrue();
  }

  @Test
  void the_roles_own_limit_counts() throws SQLException {
    String role = "limited_" + ProcessHandle.current().pid();
    ServerCheck check =
        ServerCheck.run(DatabaseSettings.of(open.createRole(role, "CONNECTION LIMIT 5")));
    assertThat(check.findings())
        .singleElement()
        .asString()
        .contains("the role " + role + " has a CONNECTION LIMIT of 5")
        .contains("= 10 connections");
    open.sql("DROP ROLE " + role);
  }

  @Test
  void behind_a_pooler_the_roles_missing_timeouts_come_with_their_sql() throws SQLException {
    String role = "pooled_" + ProcessHandle.current().pid();
    String url = open.createRole(role, "");
    open.sql("ALTER ROLE " + role + " SET lock_timeout = '5s'");
    ServerCheck check =
        ServerCheck.run(
            DatabaseSettings.of(
                new DatabaseEndpoint(url, Map.of(), null, () -> null, Pooler.TRANSACTION)));
    assertThat(check.findings())
        .hasSize(2)
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .endsWith("ALTER ROLE " + role + " SET statement_timeout = '15000ms'"))
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .endsWith(
                        "ALTER ROLE "
                            + role
                            + " SET idle_in_transaction_session_timeout = '30000ms'"));
    open.sql("DROP ROLE " + role);
  }

  @Test
  void a_server_that_is_not_there_is_a_typed_failure_without_secrets() {
    assertThatThrownBy(
            () ->
                Database.open(
                    DatabaseSettings.of("jdbc:postgresql://127.0.0.1:1/none?password=secret"),
                    new SimpleMeterRegistry()))
        .isInstanceOfSatisfying(
            DatabaseConnectionException.class,
            failure -> {
              assertThat(failure.verdict()).isEqualTo(Verdict.RETRYABLE);
              assertThat(failure.retrySafe()).isTrue();
            })
        .hasMessageNotContaining("secret");
  }
}
