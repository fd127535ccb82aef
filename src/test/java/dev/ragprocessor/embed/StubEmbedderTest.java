package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StubEmbedderTest {
  private static final StubEmbedder EMBEDDER =
      new StubEmbedder(new EmbedderSettings.Stub(768, Duration.ZERO));

  @Test
  void makes_a_vector_of_length_one_out_of_a_text_always_the_same() {
    float[] vector = EMBEDDER.embedChunks("a", List.of("x", "text")).get(1);
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    assertThat(squares).isCloseTo(1, within(1e-5));
    assertThat(vector).hasSize(768).isEqualTo(EMBEDDER.embedQuestion("text"));
    assertThat(
            new StubEmbedder(new EmbedderSettings.Stub(768, Duration.ZERO)).embedQuestion("text"))
        .isEqualTo(vector);
  }

  @Test
  void makes_different_vectors_out_of_texts_that_differ_little() {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      seen.add(Arrays.hashCode(EMBEDDER.embedQuestion("chunk " + i)));
    }
    assertThat(seen).hasSizeGreaterThan(990);
  }

  @Test
  void names_its_space_so_that_it_is_never_compared_with_a_real_one() {
    assertThat(EMBEDDER.space().model()).isEqualTo("stub");
    assertThat(EMBEDDER.space().dimensions()).isEqualTo(768);
  }

  @Test
  void takes_as_long_a_call_as_it_is_told_however_many_texts() {
    StubEmbedder slow = new StubEmbedder(new EmbedderSettings.Stub(8, Duration.ofMillis(200)));
    long start = System.nanoTime();
    slow.embedChunks("", List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(200), Duration.ofMillis(1_800));
  }

  @Test
  void keeps_the_interrupt_flag() {
    StubEmbedder slow = new StubEmbedder(new EmbedderSettings.Stub(8, Duration.ofMinutes(1)));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> slow.embedQuestion("a")).isInstanceOf(EmbeddingException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void refuses_settings_out_of_range() {
    assertThatThrownBy(() -> new EmbedderSettings.Stub(0, Duration.ZERO))
        .hasMessageContaining("dimensions must be 1 to 16000");
    assertThatThrownBy(() -> new EmbedderSettings.Stub(8, Duration.ofMinutes(2)))
        .hasMessageContaining("latency");
    assertThatThrownBy(() -> new EmbedderSettings.Local(0)).hasMessageContaining("threads");
  }
}
