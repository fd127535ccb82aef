package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.extract.ChunkingSettings.Strategy;
import dev.ragprocessor.extract.Passage.Kind;
import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every document, every strategy and every setting. */
class ChunkerTest {
  /** As real ones do, it makes more of some parts of a word than of the whole. */
  private static final ModelTokens MODEL = new ModelTokens(ChunkerTest::tokens, 120);

  @Property(tries = 150)
  void every_readable_character_lies_in_a_chunk(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    String text = joined(document);
    boolean[] covered = new boolean[text.length()];
    for (Chunk chunk : chunks(document, settings)) {
      java.util.Arrays.fill(covered, chunk.start(), chunk.end(), true);
    }
    for (int i = 0; i < text.length(); i++) {
      assertThat(covered[i] || CleanText.isBlank(text.charAt(i))).as("offset %d", i).isTrue();
    }
  }

  @Property(tries = 150)
  void a_chunk_is_within_the_limit_and_well_formed(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    for (Chunk chunk : chunks(document, settings)) {
      switch (settings.strategy()) {
        case STRUCTURE, SENTENCES, ROWS ->
            assertThat(chunk.text().length()).isBetween(1, settings.maxCharacters());
        case TOKENS ->
            assertThat(tokens(chunk.text()))
                .isLessThanOrEqualTo(MODEL.most())
                .isLessThanOrEqualTo(
                    settings.maxTokens() == 0 ? MODEL.most() : settings.maxTokens());
        case PAGES -> assertThat(tokens(chunk.text())).isLessThanOrEqualTo(MODEL.most());
      }
      assertThat(chunk.text()).isNotBlank();
      assertThat(CleanText.of(chunk.text())).isEqualTo(chunk.text());
    }
  }

  @Property(tries = 150)
  void a_chunk_is_the_part_of_the_text_that_it_says(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    String text = joined(document);
    List<Chunk> chunks = chunks(document, settings);
    int end = 0;
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      assertThat(chunk.index()).isEqualTo(i);
      assertThat(chunk.text()).endsWith(text.substring(chunk.start(), chunk.end()));
      if (document.stream().noneMatch(passage -> passage.kind() == Kind.TABLE)) {
        assertThat(chunk.text()).isEqualTo(text.substring(chunk.start(), chunk.end()));
      }
      assertThat(chunk.end()).as("progress").isGreaterThan(end);
      end = chunk.end();
    }
  }

  @Property(tries = 150)
  void a_chunk_lies_in_one_place_and_overlaps_no_more_than_allowed(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    List<Chunk> chunks = chunks(document, settings);
    for (Chunk chunk : chunks) {
      int offset = 0;
      for (Passage passage : document) {
        int end = offset + passage.text().length();
        if (chunk.start() < end && offset < chunk.end()) {
          if (settings.strategy() == Strategy.PAGES) {
            assertThat(passage.place().withHeadings(List.of()))
                .isEqualTo(chunk.place().withHeadings(List.of()));
            assertThat(passage.place().headings())
                .startsWith(chunk.place().headings().toArray(String[]::new));
          } else {
            assertThat(passage.place()).isEqualTo(chunk.place());
          }
        }
        offset = end + Chunker.SEPARATOR.length();
      }
    }
    for (int i = 1; i < chunks.size(); i++) {
      assertThat(chunks.get(i - 1).end() - chunks.get(i).start())
          .isLessThanOrEqualTo(settings.strategy() == Strategy.PAGES ? 0 : settings.overlap());
    }
  }

  @Property(tries = 150)
  void no_chunk_ends_or_begins_inside_what_a_reader_takes_for_one_character(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    Assume.that(document.stream().noneMatch(passage -> passage.kind() == Kind.TABLE));
    String text = joined(document);
    BreakIterator clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
    clusters.setText(text);
    for (Chunk chunk : chunks(document, settings)) {
      for (int cut : new int[] {chunk.start(), chunk.end()}) {
        if (cut < text.length() && !clusters.isBoundary(cut)) {
          String torn = text.substring(clusters.preceding(cut), clusters.following(cut));
          assertThat(fits(torn, settings)).as("%s could have stayed whole", torn).isFalse();
        }
      }
    }
  }

  @Property(tries = 50)
  void the_same_document_gives_the_same_chunks(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    assertThat(chunks(document, settings)).isEqualTo(chunks(List.copyOf(document), settings));
  }

  @Provide
  Arbitrary<ChunkingSettings> settings() {
    return PassageArbitraries.settings();
  }

  @Provide
  Arbitrary<List<Passage>> documents() {
    return PassageArbitraries.documents();
  }

  private static List<Chunk> chunks(List<Passage> document, ChunkingSettings settings) {
    return new Chunking(settings, MODEL).of(FileKind.PLAIN).chunk(document);
  }

  private static boolean fits(String cluster, ChunkingSettings settings) {
    return switch (settings.strategy()) {
      case STRUCTURE, SENTENCES, ROWS -> cluster.length() <= settings.maxCharacters();
      case TOKENS -> settings.tokens(MODEL).fits("", cluster, 0, cluster.length());
      case PAGES -> tokens(cluster) <= MODEL.most();
    };
  }

  private static int tokens(String text) {
    int tokens = 0;
    int run = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i < text.length() && Character.isLetter(text.charAt(i))) {
        run++;
      } else {
        tokens += run == 0 ? 0 : 1 + (run % 5 == 0 ? run / 10 : run / 2);
        run = 0;
        tokens += i == text.length() || CleanText.isBlank(text.charAt(i)) ? 0 : 1;
      }
    }
    return tokens;
  }

  private static String joined(List<Passage> document) {
    return document.stream().map(Passage::text).collect(Collectors.joining(Chunker.SEPARATOR));
  }
}
