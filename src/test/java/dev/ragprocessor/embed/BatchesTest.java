package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
  @Property(tries = 300)
  void keeps_order_and_both_limits_and_starts_no_batch_too_early(
      @ForAll @Size(min = 1, max = 60) List<@StringLength(min = 1, max = 80) String> texts,
      @ForAll @IntRange(min = 1, max = 20) int maxTexts,
      @ForAll @IntRange(min = 1, max = 200) int maxTokens) {
    List<Batches.Batch> batches = Batches.of(texts, maxTexts, maxTokens);
    assertThat(batches.stream().flatMap(batch -> batch.texts().stream()).toList()).isEqualTo(texts);
    int before = 0;
    for (int i = 0; i < batches.size(); i++) {
      List<String> batch = batches.get(i).texts();
      assertThat(batches.get(i).from()).isEqualTo(before);
      before += batch.size();
      assertThat(batch).hasSizeBetween(1, maxTexts);
      assertThat(batch.size() == 1 || tokens(batch) <= maxTokens).isTrue();
      if (i + 1 < batches.size()) {
        int next = TokenEstimate.of(batches.get(i + 1).texts().getFirst());
        assertThat(batch.size() == maxTexts || tokens(batch) + next > maxTokens).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a, 1",
    "four, 1",
    "fives, 2",
    "'one two three four', 5",
    "12345, 5",
    "漢字仮名, 4",
    "'a, b', 2"
  })
  void estimates_tokens(String text, int tokens) {
    assertThat(TokenEstimate.of(text)).isEqualTo(tokens);
  }

  @Test
  void never_estimates_below_a_quarter_of_the_characters() {
    assertThat(TokenEstimate.of("The quick brown fox. ".repeat(1_000))).isGreaterThan(21_000 / 4);
  }

  @Property(tries = 200)
  void estimates_at_least_one_token(@ForAll @NotEmpty String text) {
    assertThat(TokenEstimate.of(text)).isBetween(1, text.length());
  }

  private static int tokens(List<String> texts) {
    return texts.stream().mapToInt(TokenEstimate::of).sum();
  }
}
