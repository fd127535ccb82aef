package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IngestSettingsTest {
  @Test
  void a_lease_that_outlives_its_renewal_is_taken() {
    assertThatCode(
            () ->
                IngestRig.settings()
                    .requireLeaseOutlives(Duration.ofSeconds(2), Duration.ofSeconds(15)))
        .doesNotThrowAnyException();
  }

  @Test
  void a_lease_that_does_not_is_refused_with_the_arithmetic() {
    assertThatThrownBy(
            () ->
                IngestRig.settings()
                    .requireLeaseOutlives(Duration.ofSeconds(2), Duration.ofMinutes(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "3 x (renew-interval PT5S + permit-wait PT2S + statement-timeout PT5M)")
        .hasMessageContaining("PT15M21S");
  }

  @Test
  void a_tombstone_must_outlive_pubsubs_retention() {
    assertThatThrownBy(() -> IngestRig.settings(settings -> settings.tombstoneRetention = 30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31 days");
  }

  @Test
  void an_answer_budget_beyond_pubsubs_deadline_is_refused() {
    assertThatThrownBy(() -> IngestRig.settings(settings -> settings.answerBudgetMillis = 9_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 8 s");
  }
}
