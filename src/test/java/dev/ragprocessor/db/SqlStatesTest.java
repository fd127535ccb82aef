package dev.ragprocessor.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbStatementException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every line of RELIABILITY.md's section 2, and what is not in it. */
class SqlStatesTest {
  @ParameterizedTest
  @CsvSource({
    "53300, SATURATED",
    "08000, RETRYABLE",
    "08001, RETRYABLE",
    "08003, RETRYABLE",
    "08006, RETRYABLE",
    "08P01, RETRYABLE",
    "57P01, RETRYABLE",
    "57P02, RETRYABLE",
    "57P03, RETRYABLE",
    "57P05, RETRYABLE",
    "40001, RETRYABLE",
    "40P01, RETRYABLE",
    "40002, RETRYABLE",
    "55P03, RETRYABLE",
    "57014, RETRYABLE",
    "25P03, RETRYABLE",
    "25006, RETRYABLE",
    "53100, RETRYABLE",
    "53200, RETRYABLE",
    "42601, MISCONFIGURED",
    "42501, MISCONFIGURED",
    "42703, MISCONFIGURED",
    "42P01, MISCONFIGURED",
    "42883, MISCONFIGURED",
    "0A000, MISCONFIGURED",
    "26000, MISCONFIGURED",
    "42P05, MISCONFIGURED",
    "3D000, MISCONFIGURED",
    "3F000, MISCONFIGURED",
    "28000, MISCONFIGURED",
    "28P01, MISCONFIGURED",
    "57P04, MISCONFIGURED",
    "XX001, MISCONFIGURED",
    "07006, PERMANENT",
    "21000, PERMANENT",
    "22000, PERMANENT",
    "22003, PERMANENT",
    "22021, PERMANENT",
    "22P02, PERMANENT",
    "22P05, PERMANENT",
    "23502, PERMANENT",
    "23503, PERMANENT",
    "23505, PERMANENT",
    "23514, PERMANENT",
    "44000, PERMANENT",
    "54000, PERMANENT",
    "99999, RETRYABLE",
    "58030, RETRYABLE",
    "nonsense, RETRYABLE"
  })
  void a_code_has_one_verdict(String state, Verdict verdict) {
    assertThat(Verdict.of(new SQLException("whatever it says", state))).isEqualTo(verdict);
  }

  @Test
  void a_failure_without_a_code_is_worth_another_attempt() {
    assertThat(Verdict.of(new SQLException("connection permanent misconfigured")))
        .isEqualTo(Verdict.RETRYABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "53300, SATURATED",
    "08001, RETRYABLE",
    "08P01, RETRYABLE",
    "57P03, RETRYABLE",
    "99999, RETRYABLE",
    "XX000, RETRYABLE",
    "28P01, MISCONFIGURED",
    "28000, MISCONFIGURED",
    "3D000, MISCONFIGURED",
    "0A000, MISCONFIGURED"
  })
  void connecting_has_its_own_verdicts(String state, Verdict verdict) {
    assertThat(SqlStates.connecting(new SQLException("", state))).isEqualTo(verdict);
  }

  @Test
  void a_pools_timeout_has_the_verdict_of_its_cause() {
    SQLException full = new SQLException("", "53300");
    assertThat(Verdict.of(new SQLTransientConnectionException("timeout", full)))
        .isEqualTo(Verdict.SATURATED);
    assertThat(Verdict.of(new SQLTransientConnectionException("timeout")))
        .isEqualTo(Verdict.RETRYABLE);
  }

  @Test
  void the_cause_decides_however_deep_it_is() {
    SQLException cause = new SQLException("", "23505");
    assertThat(Verdict.of(new DbStatementException("", "INSERT", cause)))
        .isEqualTo(Verdict.PERMANENT);
    assertThat(Verdict.of(new IllegalStateException(new DbClientException("", cause))))
        .isEqualTo(Verdict.PERMANENT);
    assertThat(Verdict.of(new TransactionRolledBackException("", new SQLException("", "40001"))))
        .isEqualTo(Verdict.RETRYABLE);
  }

  @Test
  void what_is_not_the_databases_fault_has_a_verdict_too() {
    assertThat(Verdict.of(new DbClientException("a parameter is missing")))
        .isEqualTo(Verdict.PERMANENT);
    assertThat(Verdict.of(new IllegalStateException("bug"))).isEqualTo(Verdict.PERMANENT);
    assertThat(Verdict.of(new IOException(new InterruptedException())))
        .isEqualTo(Verdict.RETRYABLE);
    assertThat(Verdict.of(new ConnectionPoolExhaustedException("full")))
        .isEqualTo(Verdict.SATURATED);
    assertThat(Verdict.of(new ScopeHeldTooLongException("", null))).isEqualTo(Verdict.RETRYABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08000", "08006", "57P01", "57P02", "57P03", "57P05", "25P03"})
  void these_codes_mean_that_the_connection_is_gone(String state) {
    assertThat(SqlStates.lost(new DbClientException("", new SQLException("", state)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"57014", "40001", "23505", "25006", "53300"})
  void these_codes_leave_the_connection_as_it_was(String state) {
    assertThat(SqlStates.lost(new SQLException("", state))).isFalse();
    assertThat(SqlStates.lost(new IllegalStateException())).isFalse();
  }
}
