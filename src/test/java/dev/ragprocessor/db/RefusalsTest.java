package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private final SQLException password = new SQLException("", "28P01");

  private final Refusals refusals = new Refusals(Pooler.NONE);

  @Test
  void a_refused_password_is_retryable_for_a_minute_and_then_somebodys_task() {
    assertThat(refusals.judge(password, 0)).isEqualTo(Verdict.RETRYABLE);
    assertThat(refusals.judge(password, seconds(59))).isEqualTo(Verdict.RETRYABLE);
    assertThat(refusals.judge(password, seconds(60))).isEqualTo(Verdict.MISCONFIGURED);
  }

  @Test
  void a_connection_in_between_begins_a_new_minute() {
    assertThat(refusals.judge(password, 0)).isEqualTo(Verdict.RETRYABLE);
    refusals.accepted();
    assertThat(refusals.judge(password, seconds(70))).isEqualTo(Verdict.RETRYABLE);
    assertThat(refusals.judge(password, seconds(129))).isEqualTo(Verdict.RETRYABLE);
    assertThat(refusals.judge(password, seconds(130))).isEqualTo(Verdict.MISCONFIGURED);
  }

  @Test
  void other_refusals_do_not_count() {
    assertThat(refusals.judge(new SQLException("", "53300"), 0)).isEqualTo(Verdict.SATURATED);
    assertThat(refusals.judge(password, seconds(90))).isEqualTo(Verdict.RETRYABLE);
  }

  @Test
  void a_full_pooler_is_saturated_and_a_servers_protocol_violation_is_not() {
    SQLException violation = new SQLException("", "08P01");
    assertThat(new Refusals(Pooler.TRANSACTION).judge(violation, 0)).isEqualTo(Verdict.SATURATED);
    assertThat(refusals.judge(violation, 0)).isEqualTo(Verdict.RETRYABLE);
  }

  private static long seconds(long count) {
    return Duration.ofSeconds(count).toNanos();
  }
}
