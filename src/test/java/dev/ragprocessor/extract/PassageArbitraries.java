package dev.ragprocessor.extract;

import dev.ragprocessor.extract.ChunkingSettings.Strategy;
import dev.ragprocessor.extract.Passage.Kind;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Documents and settings of every sort. */
final class PassageArbitraries {
  private PassageArbitraries() {}

  static Arbitrary<ChunkingSettings> settings() {
    Arbitrary<Integer> tokens = Arbitraries.of(0, 16, 40, 150);
    Arbitrary<Integer> rows = Arbitraries.of(1, 2, 5, 100);
    return Combinators.combine(
            Arbitraries.integers().between(100, 400),
            Arbitraries.doubles().between(0, 0.99),
            tokens,
            rows,
            Arbitraries.of(Strategy.class))
        .as(
            (max, overlap, most, perChunk, strategy) ->
                new ChunkingSettings(
                    max, (int) (max * overlap), most, perChunk, strategy, Map.of()));
  }

  static Arbitrary<List<Passage>> documents() {
    Arbitrary<Passage> prose =
        Combinators.combine(Arbitraries.of(Kind.PARAGRAPH, Kind.CODE), texts(), places())
            .as(Passage::new);
    Arbitrary<Passage> tables =
        Combinators.combine(texts(), texts().list().ofMaxSize(12), places())
            .as((header, rows, place) -> new Passage(Kind.TABLE, table(header, rows), place));
    return Arbitraries.frequencyOf(Tuple.of(4, prose), Tuple.of(1, tables)).list().ofMaxSize(8);
  }

  private static Arbitrary<Place> places() {
    return Arbitraries.of(
        Place.START,
        new Place(0, "", List.of("Title")),
        new Place(1, "", List.of()),
        new Place(2, "", List.of("Title")),
        new Place(2, "", List.of("Title", "Section")),
        new Place(2, "", List.of("Title", "Section"), "attached.pdf"),
        new Place(0, "Sheet", List.of()));
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
            "“Stop!”",
            "12,50",
            "小麦粉",
            "発酵させる。",
            "العجين",
            "وقت؟",
            "שאור",
            "ขนมปัง",
            "किसान।",
            "한국어",
            "👩‍👩‍👧‍👦",
            "🇩🇪🇫🇷🇪🇸",
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
}
