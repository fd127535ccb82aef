package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.embed.EmbedderSettings;
import dev.ragprocessor.embed.LocalEmbedder;
import dev.ragprocessor.extract.ChunkingSettings.Strategy;
import dev.ragprocessor.extract.Passage.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each strategy is for. */
class ChunkStrategiesTest {
  private static final ModelTokens LETTERS = new ModelTokens(String::length, 2_048);
  private static final Place PAGE_1 = new Place(1, "", List.of("Bread"));
  private static final Place PAGE_1_RYE = new Place(1, "", List.of("Bread", "Rye"));
  private static final Place PAGE_2 = new Place(2, "", List.of("Bread"));

  @Test
  void a_chunk_by_tokens_fills_what_the_local_model_reads_and_never_more() {
    try (LocalEmbedder embedder =
        new LocalEmbedder(new EmbedderSettings.Local(1), new SimpleMeterRegistry())) {
      ModelTokens model = new ModelTokens(embedder::tokens, embedder.maxTokens());
      String english = "The starter is fed with rye flour twice a day, and kept warm. ".repeat(200);
      String korean = "반죽은 따뜻한 곳에서 열두 시간 동안 발효시킨다 ".repeat(200);
      String numbers =
          IntStream.range(0, 3000).mapToObj(i -> i * 7919 + " ").collect(Collectors.joining());
      for (String text : List.of(english, korean, numbers)) {
        List<Chunk> chunks =
            new TokenChunker(by(Strategy.TOKENS), model).chunk(List.of(prose(text, PAGE_1)));
        assertThat(chunks).hasSizeGreaterThan(3);
        assertThat(chunks).allMatch(chunk -> embedder.tokens(chunk.text()) <= 510);
        assertThat(chunks).anyMatch(chunk -> embedder.tokens(chunk.text()) > 400);
      }
    }
  }

  @Test
  void a_chunk_by_sentences_has_whole_sentences_and_repeats_whole_ones() {
    List<String> sentences =
        IntStream.range(0, 60)
            .mapToObj("Loaf number %d of approx. twelve dozen is baked at dawn."::formatted)
            .toList();
    List<Passage> paragraphs =
        IntStream.range(0, 6)
            .mapToObj(i -> prose(String.join(" ", sentences.subList(10 * i, 10 * i + 10)), PAGE_1))
            .toList();

    List<Chunk> chunks =
        new SentenceChunker(new ChunkingSettings(400, 120, 0, 1, Strategy.SENTENCES, Map.of()))
            .chunk(paragraphs);

    assertThat(chunks).hasSizeGreaterThan(6);
    for (int i = 0; i < chunks.size(); i++) {
      List<String> of = List.of(chunks.get(i).text().split("(?<=dawn\\.)\\s+"));
      assertThat(sentences).containsAll(of);
      if (i > 0) {
        assertThat(chunks.get(i - 1).text()).contains(of.getFirst());
      }
    }
  }

  @Test
  void each_row_has_a_chunk_with_its_header_however_small_the_table() {
    String header = "| Loaf | Euro |\n| --- | --- |\n";
    Passage table =
        new Passage(Kind.TABLE, header + "| Rye | 5 |\n| Oat | 6 |\n| Nut | 7 |", PAGE_1);

    assertThat(rows(1, prose("Prices", PAGE_1), table, prose("Enjoy", PAGE_1)))
        .containsExactly(
            "Prices",
            header + "| Rye | 5 |",
            header + "| Oat | 6 |",
            header + "| Nut | 7 |",
            "Enjoy");
    assertThat(rows(3, table)).containsExactly(table.text());
    assertThat(rows(2, table)).hasSize(2).allMatch(chunk -> chunk.startsWith(header));
  }

  @Test
  void a_page_is_a_chunk_whatever_headings_it_has() {
    List<Passage> book =
        List.of(
            prose("Bread", PAGE_1),
            prose("Rye", PAGE_1_RYE),
            prose("Sour.", PAGE_1_RYE),
            prose("End.", PAGE_2));

    assertThat(new PageChunker(LETTERS).chunk(book))
        .containsExactly(
            new Chunk(0, "Bread\n\nRye\n\nSour.", PAGE_1, 0, 17),
            new Chunk(1, "End.", PAGE_2, 19, 23));
  }

  @Test
  void a_page_that_the_model_does_not_read_in_one_piece_is_cut_without_overlap() {
    String text = "The oven is hot. ".repeat(300).strip();

    List<Chunk> chunks = new PageChunker(LETTERS).chunk(List.of(prose(text, PAGE_1)));

    assertThat(chunks).hasSizeBetween(3, 10).allMatch(chunk -> chunk.text().length() <= 2_048);
    assertThat(chunks.stream().map(Chunk::text).collect(Collectors.joining(" "))).isEqualTo(text);
  }

  @Test
  void without_pages_the_headings_decide() {
    Place rye = new Place(0, "", List.of("Rye"));
    Place oat = new Place(0, "", List.of("Oat"));

    assertThat(new PageChunker(LETTERS).chunk(List.of(prose("a", rye), prose("b", oat))))
        .extracting(Chunk::place)
        .containsExactly(rye, oat);
  }

  @Test
  void a_strategy_can_be_chosen_for_one_kind() {
    Chunking chunking =
        new Chunking(
            new ChunkingSettings(
                1000, 200, 0, 1, Strategy.SENTENCES, Map.of(FileKind.PDF, Strategy.PAGES)),
            LETTERS);

    assertThat(chunking.of(FileKind.PDF)).isInstanceOf(PageChunker.class);
    assertThat(chunking.of(FileKind.WORD)).isInstanceOf(SentenceChunker.class);
  }

  /** Paragraphs of one length are the worst case: were the last fitting cut taken, all moved. */
  @ParameterizedTest
  @EnumSource(Strategy.class)
  void a_changed_paragraph_leaves_all_chunks_but_a_few_as_they_are(Strategy strategy) {
    Random random = new Random(7);
    for (int length : new int[] {3, 12, 40}) {
      List<Passage> before = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        before.add(prose(paragraph(random, length), Place.START));
      }
      List<Passage> after = new ArrayList<>(before);
      after.set(20, prose(before.get(20).text() + " " + paragraph(random, 40), Place.START));

      assertThat(changed(strategy, before, after)).isBetween(1L, 8L);
    }
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void a_row_added_to_a_table_leaves_all_chunks_but_a_few_as_they_are(Strategy strategy) {
    String header = "| Loaf | Euro |\n| --- | --- |\n";
    List<String> rows =
        new ArrayList<>(
            IntStream.range(0, 2_000).mapToObj("| loaf %05d | 5 |"::formatted).toList());
    Passage before = new Passage(Kind.TABLE, header + String.join("\n", rows), Place.START);
    rows.add(100, "| a new loaf, and a good one | 17 |");
    Passage after = new Passage(Kind.TABLE, header + String.join("\n", rows), Place.START);

    assertThat(changed(strategy, List.of(before), List.of(after))).isBetween(1L, 8L);
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void a_word_added_to_text_without_paragraphs_leaves_all_chunks_but_a_few(Strategy strategy) {
    for (String gap : List.of(" ", ". ", "\n", "")) {
      Random random = new Random(11);
      List<String> words =
          new ArrayList<>(
              IntStream.range(0, 20_000)
                  .mapToObj(
                      i ->
                          gap.isEmpty()
                              ? Character.toString(0x4E00 + random.nextInt(9000))
                              : word(random))
                  .toList());
      Passage before = prose(String.join(gap, words), Place.START);
      words.add(1_000, "andanewone");
      Passage after = prose(String.join(gap, words), Place.START);

      assertThat(changed(strategy, List.of(before), List.of(after))).isBetween(1L, 12L);
    }
  }

  @Test
  void settings_out_of_range_are_refused() {
    assertThatThrownBy(() -> new ChunkingSettings(1000, 0, 15, 1, Strategy.TOKENS, Map.of()))
        .hasMessageContaining("16 to 8192");
    assertThatThrownBy(() -> new ChunkingSettings(1000, 0, 0, 0, Strategy.ROWS, Map.of()))
        .hasMessageContaining("1 to 1000");
    assertThatThrownBy(() -> new ModelTokens(String::length, 15))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** How many chunks would have to be embedded. */
  private static long changed(Strategy strategy, List<Passage> before, List<Passage> after) {
    Chunker chunker =
        Chunking.chunker(strategy, by(strategy), new ModelTokens(String::length, 512));
    Set<String> known = new HashSet<>();
    chunker.chunk(before).forEach(chunk -> known.add(chunk.text()));
    List<Chunk> chunks = chunker.chunk(after);
    assertThat(chunks.size()).isGreaterThan(16);
    return chunks.stream().filter(chunk -> !known.contains(chunk.text())).count();
  }

  private static List<String> rows(int perChunk, Passage... passages) {
    return new RowChunker(new ChunkingSettings(1000, 200, 0, perChunk, Strategy.ROWS, Map.of()))
        .chunk(List.of(passages)).stream().map(Chunk::text).toList();
  }

  private static ChunkingSettings by(Strategy strategy) {
    return new ChunkingSettings(1000, 200, 0, 1, strategy, Map.of());
  }

  private static String paragraph(Random random, int words) {
    return IntStream.range(0, words)
        .mapToObj(i -> word(random))
        .collect(Collectors.joining(" ", "", "."));
  }

  private static String word(Random random) {
    return IntStream.range(0, 6)
        .mapToObj(i -> Character.toString('a' + random.nextInt(26)))
        .collect(Collectors.joining());
  }

  private static Passage prose(String text, Place place) {
    return new Passage(Kind.PARAGRAPH, text, place);
  }
}
