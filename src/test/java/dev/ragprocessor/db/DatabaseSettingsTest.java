package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {
  private static final DatabaseSettings DEFAULTS = DatabaseSettings.of("jdbc:postgresql://h/d");

  @Test
  void the_defaults_are_these() {
    assertThat(DEFAULTS.applicationName()).isEqualTo("rag-processor");
    assertThat(DEFAULTS.pool())
        .isEqualTo(
            new PoolSettings(
                8, Duration.ofSeconds(2), 256, Duration.ofSeconds(10), Duration.ofSeconds(60)));
    assertThat(DEFAULTS.timeouts())
        .isEqualTo(
            new Timeouts(
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                Duration.ofSeconds(2)));
    assertThat(DEFAULTS.budget()).isEqualTo(new Budget(1, Budget.Excess.WARN));
    assertThat(DEFAULTS.endpoint().pooler()).isEqualTo(Pooler.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 101})
  void a_pool_has_1_to_100_connections(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolSettings.DEFAULT.size(size))
        .withMessageContaining("1 to 100: " + size);
  }

  @Test
  void a_reserve_is_kept_where_there_are_four_or_more() {
    assertThat(PoolSettings.DEFAULT.size(3).reserve()).isZero();
    assertThat(PoolSettings.DEFAULT.size(4).reserve()).isEqualTo(1);
  }

  @Test
  void the_warning_comes_before_the_limit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolSettings.DEFAULT.hold(Duration.ofSeconds(60), Duration.ofSeconds(60)))
        .withMessageContaining("less than the hold limit");
  }

  @Test
  void a_read_may_take_longer_than_a_statement() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Timeouts.DEFAULT.socket(Duration.ofSeconds(15)))
        .withMessageContaining("more than the statement timeout");
  }

  @Test
  void a_name_that_the_server_would_cut_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.applicationName("x".repeat(64)));
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.applicationName("grün"));
  }

  @Test
  void an_endpoint_prints_neither_parameters_nor_what_stands_before_the_host() {
    DatabaseEndpoint endpoint =
        DatabaseEndpoint.of("jdbc:postgresql://user:secret@h:1/d?password=secret");
    assertThat(endpoint.toString()).contains("//h:1/d").doesNotContain("secret");
  }

  @Test
  void a_direct_connection_brings_its_timeouts_along() {
    Properties properties = DriverProperties.pooled(DEFAULTS, true);
    assertThat(properties.getProperty("options"))
        .isEqualTo(
            "-c statement_timeout=15000 -c lock_timeout=5000"
                + " -c idle_in_transaction_session_timeout=30000"
                + " -c client_connection_check_interval=5s");
    assertThat(properties)
        .containsEntry("socketTimeout", "20")
        .containsEntry("connectTimeout", "2")
        .containsEntry("loginTimeout", "2")
        .containsEntry("tcpKeepAlive", "true")
        .containsEntry("reWriteBatchedInserts", "true")
        .containsEntry("ApplicationName", "rag-processor")
        .doesNotContainKey("prepareThreshold");
  }

  @Test
  void what_the_url_already_has_as_options_is_kept() {
    DatabaseEndpoint endpoint =
        new DatabaseEndpoint(
            "jdbc:postgresql://h/d",
            Map.of("options", "-c search_path=app"),
            null,
            () -> null,
            Pooler.NONE);
    assertThat(DriverProperties.pooled(DatabaseSettings.of(endpoint), false).getProperty("options"))
        .startsWith("-c statement_timeout=15000")
        .endsWith(" -c search_path=app");
  }

  @Test
  void a_transaction_pooler_gets_neither_options_nor_prepared_statements() {
    DatabaseEndpoint endpoint =
        new DatabaseEndpoint(
            "jdbc:postgresql://h/d", Map.of(), null, () -> null, Pooler.TRANSACTION);
    assertThat(DriverProperties.pooled(DatabaseSettings.of(endpoint), false))
        .containsEntry("prepareThreshold", "0")
        .doesNotContainKey("options");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Migrations.run(DatabaseSettings.of(endpoint), "classpath:none"))
        .withMessageContaining("direct connection");
  }
}
