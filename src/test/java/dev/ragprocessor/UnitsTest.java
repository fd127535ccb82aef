package dev.ragprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "750 ms, PT0.75S",
    "750ms, PT0.75S",
    "1.5 s, PT1.5S",
    "2 min, PT2M",
    "1 h, PT1H",
    "31 d, PT744H",
    "PT0.75S, PT0.75S",
    "0.000001 ms, PT0.000000001S"
  })
  void reads_a_duration_with_its_unit(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "750", "750 seconds", "-1 s", "1,5 s", "1 M"})
  void refuses_a_duration_that_says_no_unit_of_ours(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
  }

  @Property(tries = 200)
  void a_formatted_duration_is_read_back(@ForAll @LongRange(min = 0, max = 1L << 50) long nanos) {
    Duration duration = Duration.ofNanos(nanos);
    assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({"0 B, 0", "1 KiB, 1024", "256 MiB, 268435456", "2GiB, 2147483648"})
  void reads_a_size_with_its_unit(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1024", "1 MB", "1.5 GiB", "-1 B"})
  void refuses_a_size_that_says_no_unit_of_ours(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
  }

  @Test
  void refuses_a_size_beyond_a_long() {
    org.assertj.core.api.Assertions.assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> ByteSize.parse("999999999999 GiB"));
  }

  @Property(tries = 200)
  void a_written_size_is_read_back(@ForAll @LongRange(min = 0, max = 1L << 39) long bytes) {
    assertThat(ByteSize.parse(new ByteSize(bytes).toString()).bytes()).isEqualTo(bytes);
  }
}
