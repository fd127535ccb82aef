package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ragprocessor.db.PoolSettings;
import dev.ragprocessor.db.PoolState;
import dev.ragprocessor.testing.OpenDatabase;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More permits than connections, or fewer: there is one number for both, so it cannot be said. */
class Row14PermitsAndPoolDifferIT {
  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(3);

  @Test
  void there_are_as_many_connections_as_permits() {
    await()
        .untilAsserted(
            () -> {
              PoolState state = open.database().state();
              assertThat(state.total()).isEqualTo(3);
              assertThat(state.freePermits()).isEqualTo(3);
            });
  }

  @Test
  void the_settings_have_one_size() {
    assertThat(
            Arrays.stream(PoolSettings.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> name.contains("size") || name.contains("ermits")))
        .containsExactly("size");
  }
}
