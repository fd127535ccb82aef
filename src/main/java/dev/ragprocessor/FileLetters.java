package dev.ragprocessor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The messages of a file of JSON lines: each a message as a pull or a push has it, a message alone,
 * or a CloudEvent in structured mode. The file stays as it is.
 */
final class FileLetters implements DeadLetters {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final BufferedReader lines;
  private long number;

  FileLetters(Path file) {
    this.file = file;
    try {
      this.lines = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigurationException(List.of("%s cannot be read: %s".formatted(file, e)));
    }
  }

  @Override
  public List<DeadLetter> next(int most) {
    List<DeadLetter> letters = new ArrayList<>();
    try {
      while (letters.size() < most) {
        String line = lines.readLine();
        if (line == null) {
          break;
        }
        number++;
        if (!line.isBlank()) {
          letters.add(letter(line));
        }
      }
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of("%s cannot be read as UTF-8 after line %d: %s".formatted(file, number, e)));
    }
    return letters;
  }

  private DeadLetter letter(String line) {
    String name = "line " + number;
    try {
      JsonNode json = JSON.readTree(line);
      if (json.isObject() && json.has("specversion")) {
        return new DeadLetter(name, name, DeadLetter.EVENT, json.toString());
      }
      JsonNode message = json.path("message").isObject() ? json.path("message") : json;
      if (message.isObject()) {
        ObjectNode push = JSON.createObjectNode();
        push.put("subscription", json.path("subscription").asText(file.getFileName().toString()));
        push.set("message", message);
        String object = SubscriptionLetters.object(message.path("attributes"));
        return new DeadLetter(name + object, name, DeadLetter.PUSH, push.toString());
      }
      return new DeadLetter(name, name, DeadLetter.PUSH, json.toString());
    } catch (JsonProcessingException e) {
      // The service says what is wrong with it, as with every malformed message.
      return new DeadLetter(name, name, DeadLetter.PUSH, line);
    }
  }

  @Override
  public void done(Collection<DeadLetter> letters) {
    // A file is read from its beginning again: what is done costs the service a look.
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
