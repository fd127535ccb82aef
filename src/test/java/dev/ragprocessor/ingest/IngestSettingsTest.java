package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.store.ObjectId;
import java.time.Duration;
import java.util.Set;
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

  @Test
  void a_bucket_is_taken_whole_or_by_a_prefix_of_its_objects() {
    IngestSettings some =
        IngestRig.settings(settings -> settings.buckets = Set.of("letters", "uploads/pilot/"));
    assertThat(some.takes(new ObjectId("letters", "a.txt", 1))).isTrue();
    assertThat(some.takes(new ObjectId("uploads", "pilot/a.txt", 1))).isTrue();
    assertThat(some.takes(new ObjectId("uploads", "pilot", 1))).isFalse();
    assertThat(some.takes(new ObjectId("uploads", "others/a.txt", 1))).isFalse();
    assertThat(some.takes(new ObjectId("letters-2", "a.txt", 1))).isFalse();
    assertThat(IngestRig.settings().takes(new ObjectId("any", "a.txt", 1))).isTrue();
  }
}
