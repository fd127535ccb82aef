package dev.ragprocessor.extract;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads comma-separated values and their relatives (RFC 4180; the delimiter is found out) as one
 * table whose first record is the header. What has no columns, or quotes that never end, is read as
 * prose: its text is not lost.
 */
final class DelimitedReader {
  private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');
  private static final int RECORDS_LOOKED_AT = 20;
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(true).setTrailingData(true).get();

  /** How well a delimiter fits: the columns most records have, and how many records have them. */
  private record Fit(char delimiter, int columns, int records) {
    boolean betterThan(Fit other) {
      return columns > 1
          && (records > other.records || (records == other.records && columns > other.columns));
    }
  }

  private DelimitedReader() {}

  static void read(String text, Passages passages) {
    Fit best = new Fit(',', 1, 0);
    for (char delimiter : DELIMITERS) {
      Fit fit = fit(text, delimiter);
      if (fit.betterThan(best)) {
        best = fit;
      }
    }
    if (best.columns() < 2) {
      PlainTextReader.prose(text, passages);
      return;
    }
    TableRows rows = new TableRows(passages);
    try (CSVParser parser = parser(text, best.delimiter())) {
      for (CSVRecord row : parser) {
        rows.startRow();
        for (String cell : row) {
          passages.budget().spend(cell.length());
          rows.cell(cell);
        }
      }
      rows.finish();
    } catch (IOException | UncheckedIOException e) {
      PlainTextReader.prose(text, passages);
    }
  }

  private static Fit fit(String text, char delimiter) {
    Map<Integer, Integer> recordsByColumns = new TreeMap<>();
    try (CSVParser parser = parser(text, delimiter)) {
      int seen = 0;
      for (CSVRecord row : parser) {
        recordsByColumns.merge(row.size(), 1, Integer::sum);
        if (++seen == RECORDS_LOOKED_AT) {
          break;
        }
      }
    } catch (IOException | UncheckedIOException e) {
      return new Fit(delimiter, 1, 0);
    }
    return recordsByColumns.entrySet().stream()
        .max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(most -> new Fit(delimiter, most.getKey(), most.getValue()))
        .orElse(new Fit(delimiter, 1, 0));
  }

  private static CSVParser parser(String text, char delimiter) throws IOException {
    return CSVParser.parse(new StringReader(text), FORMAT.builder().setDelimiter(delimiter).get());
  }
}
