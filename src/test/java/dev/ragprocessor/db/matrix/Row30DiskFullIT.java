package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClientException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server has no disk or no memory left: worth another attempt, and no fault of the work. */
class Row30DiskFullIT {
  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(1);

  @ParameterizedTest
  @ValueSource(strings = {"53100", "53200"})
  void a_server_without_resources_is_retryable_and_the_connection_stays(String state) {
    int pid = open.database().execute(Backends::pid);
    String failing =
        "DO 'BEGIN RAISE EXCEPTION ''full'' USING ERRCODE = ''%s''; END'".formatted(state);
    assertThatThrownBy(() -> open.database().inTransaction(db -> db.dml(failing)))
        .isInstanceOf(DbClientException.class)
        .satisfies(failure -> assertThat(Verdict.of(failure)).isEqualTo(Verdict.RETRYABLE));
    int after = open.database().execute(Backends::pid);
    assertThat(after).isEqualTo(pid);
  }
}
