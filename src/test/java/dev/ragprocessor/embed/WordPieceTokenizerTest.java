package dev.ragprocessor.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordPieceTokenizerTest {
  private static final WordPieceTokenizer TOKENIZER = tokenizer();

  private static WordPieceTokenizer tokenizer() {
    try (InputStream json =
        Objects.requireNonNull(
            WordPieceTokenizerTest.class.getResourceAsStream(SentenceModel.TOKENIZER))) {
      return WordPieceTokenizer.read(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pieces are those that the model's published tokenizer gives. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hello world            | 7592 2088
          Hello, World!          | 7592 1010 2088 999
          embeddings             | 7861 8270 4667 2015
          unaffable              | 14477 20961 3468
          """)
  void cuts_words_as_the_model_was_taught(String text, String ids) {
    assertThat(ids(text)).isEqualTo(ids);
  }

  @Test
  void strips_accents_and_case() {
    assertThat(ids("Élève ÀÉÎÕÜ Straße İstanbul")).isEqualTo(ids("eleve aeiou straße istanbul"));
    assertThat(ids("e\u0301le\u0300ve")).isEqualTo(ids("eleve"));
  }

  @Test
  void lowers_a_final_sigma_like_any_other() {
    assertThat(ids("ΟΔΟΣ")).isEqualTo(ids("οδοσ")).isNotEqualTo(ids("οδος"));
  }

  @Test
  void makes_every_ideograph_a_word() {
    assertThat(ids("漢字kanji")).isEqualTo(ids("漢 字 kanji"));
    assertThat(TOKENIZER.tokens("𠀀𠀁")).isEqualTo(2);
    assertThat(ids("\uf900")).as("a compatibility ideograph").isEqualTo(ids("\u8c48"));
  }

  @Test
  void keeps_kana_together_and_decomposes_hangul() {
    assertThat(ids("ひらがな")).isNotEqualTo(ids("ひ ら が な"));
    assertThat(TOKENIZER.tokens("한")).isEqualTo(3);
  }

  @Test
  void makes_every_punctuation_mark_a_word() {
    assertThat(ids("a.b—c…d$e+f")).isEqualTo(ids("a . b — c … d $ e + f"));
  }

  @Test
  void drops_control_and_format_characters_without_splitting() {
    assertThat(ids("he\u0000l\u200bl\u00ado\ufffd\ue000")).isEqualTo(ids("hello"));
    assertThat(ids("a\u0085b")).isEqualTo(ids("ab"));
    assertThat(ids("a\u00a0b\u2028c\u3000d")).isEqualTo(ids("a b c d"));
  }

  @Test
  void drops_lone_surrogates() {
    assertThat(ids("\ud83dhello\ude00")).isEqualTo(ids("hello"));
  }

  @Test
  void does_not_know_emoji() {
    assertThat(ids("👍🏽")).isEqualTo("100");
    assertThat(ids("fine 👍")).isEqualTo(ids("fine") + " 100");
  }

  @Test
  void does_not_know_a_word_of_more_than_a_hundred_letters() {
    assertThat(TOKENIZER.tokens("a".repeat(100))).isGreaterThan(1);
    assertThat(ids("a".repeat(101))).isEqualTo("100");
    assertThat(ids("a".repeat(100_000) + " hello")).isEqualTo("100 7592");
  }

  @Test
  void reads_no_special_token_out_of_a_text() {
    assertThat(ids("[SEP][CLS]")).isEqualTo(ids("[ sep ] [ cls ]")).doesNotContain("102");
  }

  @Test
  void counts_a_text_without_words_as_nothing() {
    assertThat(TOKENIZER.tokens("")).isZero();
    assertThat(TOKENIZER.tokens(" \t\u200b\u0000")).isZero();
    assertThat(TOKENIZER.ids("", 510)).containsExactly(101, 102);
  }

  @Test
  void stops_at_the_limit() {
    assertThat(TOKENIZER.ids("hello ".repeat(1_000), 510))
        .hasSize(512)
        .startsWith(101)
        .endsWith(102);
    assertThat(TOKENIZER.ids("unaffable", 2)).containsExactly(101, 14477, 20961, 102);
  }

  @Test
  void needs_at_most_three_tokens_for_a_utf16_unit_of_any_script() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      String text = Character.toString(codePoint);
      if (TOKENIZER.tokens(text) > 3 * text.length()) {
        assertThat(TOKENIZER.tokens(text))
            .as("tokens of U+%04X", codePoint)
            .isLessThanOrEqualTo(3 * text.length());
      }
    }
  }

  @Test
  void takes_a_megabyte_of_stacked_accents_in_linear_time() {
    // Reordering such a run as a whole is quadratic in java.text.Normalizer.
    String stacked = "a" + "\u0301\u0316".repeat(500_000);
    long start = System.nanoTime();
    assertThat(ids(stacked)).isEqualTo(ids("a"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void counts_prose_at_about_four_letters_a_token() {
    String prose = "The service stores passages of documents so that people can find them again. ";
    assertThat(TOKENIZER.tokens(prose.repeat(20)))
        .isCloseTo(prose.length() * 20 / 5, withinPercentage(15));
  }

  @Test
  void refuses_a_file_without_a_vocabulary() {
    assertThatThrownBy(
            () ->
                WordPieceTokenizer.read(
                    new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("[UNK]");
  }

  @Property(tries = 500)
  void takes_any_string_and_never_gives_more_than_asked(
      @ForAll String text, @ForAll @IntRange(min = 1, max = 510) int limit) {
    int[] ids = TOKENIZER.ids(text, limit);
    assertThat(ids).hasSizeBetween(2, limit + 2);
    assertThat(ids[0]).isEqualTo(101);
    assertThat(ids[ids.length - 1]).isEqualTo(102);
    assertThat(TOKENIZER.tokens(text)).isLessThanOrEqualTo(3 * text.length());
  }

  @Property(tries = 200)
  void counts_two_texts_apart_as_their_sum(@ForAll String first, @ForAll String second) {
    assertThat(TOKENIZER.tokens(first + " " + second))
        .isEqualTo(TOKENIZER.tokens(first) + TOKENIZER.tokens(second));
  }

  private static String ids(String text) {
    int[] ids = TOKENIZER.ids(text, 510);
    StringBuilder inner = new StringBuilder();
    for (int i = 1; i < ids.length - 1; i++) {
      inner.append(i == 1 ? "" : " ").append(ids[i]);
    }
    return inner.toString();
  }
}
