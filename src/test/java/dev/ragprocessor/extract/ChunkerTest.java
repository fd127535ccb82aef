package dev.ragprocessor.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.extract.Passage.Kind;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every document and every setting. */
class ChunkerTest {
  @Property(tries = 300)
  void every_readable_character_lies_in_a_chunk(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    String text = joined(document);
    boolean[] covered = new boolean[text.length()];
    for (Chunk chunk : Chunker.byStructure(settings).chunk(document)) {
      java.util.Arrays.fill(covered, chunk.start(), chunk.end(), true);
    }
    for (int i = 0; i < text.length(); i++) {
      assertThat(covered[i] || CleanText.isBlank(text.charAt(i))).as("offset %d", i).isTrue();
    }
  }

  @Property(tries = 300)
  void a_chunk_is_within_the_limit_and_well_formed(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    for (Chunk chunk : Chunker.byStructure(settings).chunk(document)) {
      assertThat(chunk.text().length()).isBetween(1, settings.maxCharacters());
      assertThat(chunk.text()).isNotBlank();
      assertThat(CleanText.of(chunk.text())).isEqualTo(chunk.text());
    }
  }

  @Property(tries = 300)
  void a_chunk_is_the_part_of_the_text_that_it_says(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    String text = joined(document);
    List<Chunk> chunks = Chunker.byStructure(settings).chunk(document);
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

  @Property(tries = 300)
  void a_chunk_lies_in_one_place_and_overlaps_no_more_than_allowed(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    List<Chunk> chunks = Chunker.byStructure(settings).chunk(document);
    for (Chunk chunk : chunks) {
      int offset = 0;
      for (Passage passage : document) {
        int end = offset + passage.text().length();
        if (chunk.start() < end && offset < chunk.end()) {
          assertThat(passage.place()).isEqualTo(chunk.place());
        }
        offset = end + Chunker.SEPARATOR.length();
      }
    }
    for (int i = 1; i < chunks.size(); i++) {
      assertThat(chunks.get(i - 1).end() - chunks.get(i).start())
          .isLessThanOrEqualTo(settings.overlap());
    }
  }

  @Property(tries = 50)
  void the_same_document_gives_the_same_chunks(
      @ForAll("documents") List<Passage> document, @ForAll("settings") ChunkingSettings settings) {
    assertThat(Chunker.byStructure(settings).chunk(document))
        .isEqualTo(Chunker.byStructure(settings).chunk(List.copyOf(document)));
  }

  @Provide
  Arbitrary<ChunkingSettings> settings() {
    return Arbitraries.integers()
        .between(100, 400)
        .flatMap(
            max ->
                Arbitraries.integers()
                    .between(0, max - 1)
                    .map(overlap -> new ChunkingSettings(max, overlap)));
  }

  @Provide
  Arbitrary<List<Passage>> documents() {
    Arbitrary<Place> places =
        Arbitraries.of(
            Place.START,
            new Place(1, "", List.of()),
            new Place(2, "", List.of("Title")),
            new Place(2, "", List.of("Title", "Section")),
            new Place(0, "Sheet", List.of()));
    Arbitrary<Passage> prose =
        Combinators.combine(Arbitraries.of(Kind.PARAGRAPH, Kind.CODE), texts(), places)
            .as(Passage::new);
    Arbitrary<Passage> tables =
        Combinators.combine(texts(), texts().list().ofMaxSize(12), places)
            .as((header, rows, place) -> new Passage(Kind.TABLE, table(header, rows), place));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, prose), net.jqwik.api.Tuple.of(1, tables))
        .list()
        .ofMaxSize(8);
  }

  /** Words of several scripts, emoji of several code units, marks without end. */
  private static Arbitrary<String> texts() {
    Arbitrary<String> word =
        Arbitraries.of(
            "a",
            "sourdough",
            "Brötchen",
            "feeds.",
            "Really?",
            "12,50",
            "小麦粉",
            "発酵させる。",
            "العجين",
            "שאור",
            "ขนมปัง",
            "👩‍👩‍👧‍👦",
            "🥖",
            "\u00A0",
            "—",
            "x".repeat(130),
            "粉".repeat(150),
            "🥐".repeat(70),
            "e" + "\u0301".repeat(120));
    Arbitrary<String> gap = Arbitraries.of(" ", " ", " ", " ", "", "\n", "  ", " \t");
    return Combinators.combine(word, gap)
        .as((letters, space) -> letters + space)
        .list()
        .ofMinSize(1)
        .ofMaxSize(120)
        .map(words -> String.join("", words).strip())
        .filter(text -> !text.isBlank());
  }

  private static String table(String header, List<String> rows) {
    StringBuilder table =
        new StringBuilder("| ").append(header.replace('\n', ' ')).append(" |\n| --- |");
    rows.forEach(row -> table.append("\n| ").append(row.replace('\n', ' ')).append(" |"));
    return table.toString();
  }

  private static String joined(List<Passage> document) {
    return document.stream().map(Passage::text).collect(Collectors.joining(Chunker.SEPARATOR));
  }
}
