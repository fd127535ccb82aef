package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.extract.ChunkingSettings.Strategy;
import dev.ragprocessor.extract.Passage.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the default chunker cuts. */
class StructureChunkerTest {
  private static final Place PAGE_1 = new Place(1, "", List.of());
  private static final Place PAGE_2 = new Place(2, "", List.of());

  @Test
  void neighbours_in_one_place_share_a_chunk() {
    assertThat(chunks(100, 0, prose("One.", PAGE_1), prose("Two.", PAGE_1)))
        .containsExactly(new Chunk(0, "One.\n\nTwo.", PAGE_1, 0, 10));
  }

  @Test
  void a_chunk_never_reaches_into_another_place() {
    assertThat(chunks(100, 50, prose("One.", PAGE_1), prose("Two.", PAGE_2)))
        .containsExactly(new Chunk(0, "One.", PAGE_1, 0, 4), new Chunk(1, "Two.", PAGE_2, 6, 10));
  }

  @Test
  void a_paragraph_is_a_better_cut_than_a_sentence() {
    String first = "The first paragraph has two sentences. This is the second.";
    String second = "The second paragraph is short. It has two sentences as well.";

    assertThat(chunks(100, 0, prose(first, PAGE_1), prose(second, PAGE_1)))
        .extracting(Chunk::text)
        .containsExactly(first, second);
  }

  @Test
  void a_sentence_is_a_better_cut_than_a_word_and_is_repeated_whole() {
    String first = "The oven must be heated for ninety minutes before baking begins.";
    String second = "Then wait.";
    String third = "The stone gives its heat back slowly, which makes the crust thick.";

    assertThat(chunks(100, 20, prose(first + " " + second + " " + third, PAGE_1)))
        .extracting(Chunk::text)
        .containsExactly(first + " " + second, second + " " + third);
  }

  @Test
  void code_is_cut_at_its_lines_and_repeats_whole_ones() {
    String line = "  int flour = 500; // Grams. Sift it. Then wait.\n";
    Passage code = new Passage(Kind.CODE, "{\n" + line.repeat(20) + "}", Place.START);

    assertThat(chunks(200, 60, code))
        .hasSizeGreaterThan(5)
        .allSatisfy(chunk -> assertThat(chunk.text()).matches("(?s)([{}]|int flour).*(wait\\.|})"));
  }

  @Test
  void code_is_cut_at_blank_lines_before_others() {
    String first = "bake() {\n  heat(); // The oven. It is slow.\n  wait();\n}";
    String second = "cool() {\n  open(); // The door. It is hot.\n  wait();\n}";

    assertThat(
            chunks(
                100,
                0,
                new Passage(Kind.CODE, first, Place.START),
                new Passage(Kind.CODE, second, Place.START)))
        .extracting(Chunk::text)
        .containsExactly(first, second);
  }

  @Test
  void a_word_is_a_better_cut_than_a_letter() {
    String text = "fermentation ".repeat(30).strip();

    assertThat(chunks(100, 20, prose(text, PAGE_1)))
        .allSatisfy(chunk -> assertThat(chunk.text()).matches("fermentation( fermentation)*"));
  }

  @Test
  void chinese_without_spaces_is_cut_at_its_sentences() {
    String sentence = "面团发酵需要十二个小时，温度要保持在二十八度左右。";

    assertThat(chunks(100, 0, prose(sentence.repeat(10), PAGE_1)))
        .allSatisfy(chunk -> assertThat(chunk.text()).endsWith("。"));
  }

  @Test
  void a_family_of_one_grapheme_is_never_torn() {
    String family = "👩‍👩‍👧‍👦";

    assertThat(chunks(100, 30, prose(family.repeat(40), PAGE_1)))
        .allSatisfy(chunk -> assertThat(chunk.text().replace(family, "")).isEmpty());
  }

  @Test
  void right_to_left_text_is_cut_between_words() {
    String text = "العجين يحتاج إلى وقت طويل ".repeat(20).strip();

    assertThat(chunks(100, 20, prose(text, PAGE_1)))
        .hasSizeGreaterThan(3)
        .allSatisfy(
            chunk ->
                assertThat(chunk.text().split(" "))
                    .allSatisfy(word -> assertThat(text.split(" ")).contains(word)));
  }

  @Test
  void a_long_table_is_cut_between_rows_and_repeats_its_header() {
    String header = "| Loaf | Euro |\n| --- | --- |\n";
    String table = header + "| Rye bread | 5,80 |\n".repeat(10).strip();

    List<Chunk> chunks = chunks(100, 50, new Passage(Kind.TABLE, table, PAGE_1));

    assertThat(chunks)
        .hasSizeGreaterThan(2)
        .allSatisfy(
            chunk -> {
              assertThat(chunk.text()).startsWith(header);
              assertThat(chunk.text().substring(header.length()).lines())
                  .isNotEmpty()
                  .allMatch("| Rye bread | 5,80 |"::equals);
            });
    assertThat(chunks.stream().mapToLong(chunk -> chunk.text().lines().count() - 2).sum())
        .as("rows, none twice")
        .isEqualTo(10);
  }

  @Test
  void a_table_that_fits_stays_with_the_text_around_it() {
    String table = "| a | b |\n| --- | --- |\n| 1 | 2 |";

    assertThat(chunks(100, 0, prose("Prices:", PAGE_1), new Passage(Kind.TABLE, table, PAGE_1)))
        .extracting(Chunk::text)
        .containsExactly("Prices:\n\n" + table);
  }

  @Test
  void nothing_gives_no_chunks() {
    assertThat(chunks(100, 0)).isEmpty();
    assertThat(chunks(100, 0, prose("\u00A0", PAGE_1))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"99,0", "20001,0", "1000,-1", "1000,1000"})
  void settings_out_of_range_are_refused(int maxCharacters, int overlap) {
    assertThatThrownBy(() -> settings(maxCharacters, overlap))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Chunk> chunks(int maxCharacters, int overlap, Passage... passages) {
    return new StructureChunker(settings(maxCharacters, overlap)).chunk(List.of(passages));
  }

  private static ChunkingSettings settings(int maxCharacters, int overlap) {
    return new ChunkingSettings(maxCharacters, overlap, 0, 1, Strategy.STRUCTURE, Map.of());
  }

  private static Passage prose(String text, Place place) {
    return new Passage(Kind.PARAGRAPH, text, place);
  }
}
