package dev.ragprocessor.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads JSON, and JSON after JSON (JSON Lines): a line {@code path: value} for each value, and a
 * passage of its own for each object of a list, which most often is a record. Values without text
 * are left out. What is no JSON is read as it stands, from the record on where it stops being JSON.
 */
final class JsonReader {
  /** Deeper nesting is no document; Jackson's own bound. */
  private static final int DEEPEST = StreamReadConstraints.DEFAULT_MAX_DEPTH;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  // The budget bounds all text together.
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private final String text;
  private final Passages passages;
  private final StringBuilder lines = new StringBuilder();
  private int recordStart;

  private JsonReader(String text, Passages passages) {
    this.text = text;
    this.passages = passages;
  }

  static void read(String text, Passages passages) {
    new JsonReader(text, passages).read();
  }

  private void read() {
    try (JsonParser parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        value(parser, "");
        endRecord(parser.currentLocation());
      }
    } catch (JsonProcessingException e) {
      PlainTextReader.code(text.substring(recordStart), passages);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /** Recursion as deep as the JSON is nested, which the factory bounds. */
  private void value(JsonParser parser, String path) throws IOException {
    passages.budget().tick();
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          value(parser, path.isEmpty() ? name : path + "." + name);
        }
      }
      case START_ARRAY -> list(parser, path);
      default -> line(path, parser.getText());
    }
  }

  private void list(JsonParser parser, String path) throws IOException {
    StringBuilder scalars = new StringBuilder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonToken token = parser.currentToken();
      if (token.isScalarValue()) {
        scalars.append(scalars.isEmpty() ? "" : ", ").append(parser.getText());
        continue;
      }
      if (token == JsonToken.START_OBJECT) {
        endRecord(parser.currentTokenLocation());
      }
      // Without its number: one record more at the top must not change all that follow.
      value(parser, path);
      if (token == JsonToken.START_OBJECT) {
        endRecord(parser.currentLocation());
      }
    }
    line(path, scalars.toString());
  }

  private void line(String path, String value) {
    if (!value.isBlank() && !value.equals("null")) {
      // A path is repeated for each value, so what is written may be far more than what is read.
      passages.budget().spend(path.length() + value.length());
      lines.append(lines.isEmpty() ? "" : "\n").append(path);
      lines.append(path.isEmpty() ? "" : ": ").append(value);
    }
  }

  private void endRecord(JsonLocation location) {
    passages.paragraph(lines.toString());
    lines.setLength(0);
    recordStart = (int) location.getCharOffset();
  }
}
