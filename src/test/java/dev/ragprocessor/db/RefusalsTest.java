package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private static final DatabaseEndpoint ENDPOINT =
      DatabaseEndpoint.of("jdbc:postgresql://db.example:5432/rag?user=u&password=p");

  private final SQLException password = new SQLException("", "28P01");
  private final SQLException full = new SQLException("", "53300");
  private long now = -1; // the clock may say anything, less than 0 included

  private final Refusals refusals = new Refusals(ENDPOINT, () -> now);

  @Test
  void a_refused_password_is_retryable_for_a_minute_and_then_somebodys_task() {
    refusals.refused(password);
    assertThat(refusals.judge(password)).isEqualTo(Verdict.RETRYABLE);
    pass(59);
    refusals.refused(password);
    assertThat(refusals.judge(password)).isEqualTo(Verdict.RETRYABLE);
    pass(1);
    assertThat(refusals.judge(password)).isEqualTo(Verdict.MISCONFIGURED);
  }

  @Test
  void a_connection_in_between_begins_a_new_minute() {
    refusals.refused(password);
    pass(70);
    refusals.accepted();
    assertThat(refusals.judge(password)).isEqualTo(Verdict.RETRYABLE);
    refusals.refused(password);
    pass(59);
    assertThat(refusals.judge(password)).isEqualTo(Verdict.RETRYABLE);
    pass(1);
    assertThat(refusals.judge(password)).isEqualTo(Verdict.MISCONFIGURED);
  }

  @Test
  void other_refusals_do_not_count() {
    refusals.refused(full);
    assertThat(refusals.judge(full)).isEqualTo(Verdict.SATURATED);
    pass(90);
    refusals.refused(password);
    assertThat(refusals.judge(password)).isEqualTo(Verdict.RETRYABLE);
  }

  @Test
  void a_full_pooler_is_saturated_and_a_servers_protocol_violation_is_not() {
    SQLException violation = new SQLException("", "08P01");
    Refusals poolers = new Refusals(ENDPOINT.behind(Pooler.TRANSACTION), () -> now);
    assertThat(poolers.judge(violation)).isEqualTo(Verdict.SATURATED);
    assertThat(refusals.judge(violation)).isEqualTo(Verdict.RETRYABLE);
  }

  @Test
  void there_is_no_room_from_the_last_refusal_for_want_of_it_until_no_more_is_wanted() {
    assertThat(refusals.full()).isFalse();
    refusals.refused(full);
    refusals.accepted();
    assertThat(refusals.full()).as("one more was let in, and others are wanted").isTrue();
    refusals.satisfied();
    assertThat(refusals.full()).isFalse();
    refusals.refused(full);
    refusals.refused(new SQLException("", "08001"));
    assertThat(refusals.full()).as("now it is not there at all").isFalse();
  }

  @Test
  void the_reason_names_the_server_and_the_code_and_no_secret() {
    assertThat(refusals.reason(full))
        .isEqualTo("jdbc:postgresql://db.example:5432/rag does not accept one (SQLSTATE 53300)");
  }

  @Test
  void the_reason_names_a_password_file_that_cannot_be_read() {
    PasswordFile file = new PasswordFile(Path.of("/no/such/file"));
    Connector connector =
        new Connector(
            ENDPOINT.jdbcUrl(),
            () -> {
              file.get();
              return new Properties();
            },
            refusals,
            (_, _) -> {});
    SQLException failure = failure(connector);
    assertThat(refusals.judge(failure)).isEqualTo(Verdict.RETRYABLE);
    assertThat(refusals.reason(new SQLTransientConnectionException("timed out", failure)))
        .contains("/no/such/file");
    pass(60);
    assertThat(refusals.judge(failure(connector))).isEqualTo(Verdict.MISCONFIGURED);
  }

  private static SQLException failure(Connector connector) {
    try {
      connector.getConnection().close();
      throw new AssertionError("it connected without a password");
    } catch (SQLException failure) {
      return failure;
    }
  }

  private void pass(long seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }
}
