package dev.ragprocessor.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CauseTest {
  private static final String DELIVERY = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String EVENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  @Test
  void work_is_part_of_the_delivery_and_remembers_where_the_event_comes_from() {
    Cause cause = Cause.of(DELIVERY, EVENT);
    assertThat(cause.parent().getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(cause.parent().isSampled()).isTrue();
    assertThat(cause.origin().getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
  }

  @Test
  void without_the_deliverys_the_events_own_counts() {
    Cause cause = Cause.of("", EVENT);
    assertThat(cause.parent().getSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(cause.parent().isSampled()).isFalse();
    assertThat(cause.origin().isValid()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E473Z-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
      })
  void what_is_malformed_counts_as_absent(String traceparent) {
    assertThat(Cause.of(traceparent, "").parent().isValid()).isFalse();
    assertThat(Cause.of(traceparent, EVENT).parent().getSpanId()).isEqualTo("b7ad6b7169203331");
  }

  @Test
  void a_trail_goes_on_from_the_cause_that_is_bound() {
    Trail trail = Cause.of(DELIVERY, "").call(() -> Trail.of("1", "gs://b/n"));
    assertThat(trail.span().getSpanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(Trail.of("1", "gs://b/n").span().isValid()).isFalse();
  }
}
