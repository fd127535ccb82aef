package dev.ragprocessor.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a text that nothing else tells begins with JSON: its objects and lists have no mark. */
final class JsonHead {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int LENGTH = 8 * 1024;

  private JsonHead() {}

  static boolean of(Path content) {
    try (InputStream bytes = Files.newInputStream(content)) {
      return of(new String(bytes.readNBytes(LENGTH), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the fetched file", e);
    }
  }

  private static boolean of(String head) throws IOException {
    String text = head.startsWith("\uFEFF") ? head.substring(1) : head;
    int tokens = 0;
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT && first != JsonToken.START_ARRAY) {
        return false;
      }
      while (parser.nextToken() != null) {
        tokens++;
      }
      return true;
    } catch (JsonEOFException e) {
      return tokens > 0; // the head ends, and not the JSON
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
