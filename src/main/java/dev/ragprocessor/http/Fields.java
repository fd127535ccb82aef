package dev.ragprocessor.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.http.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object that a caller sent; what is wrong with one is a {@link Refusal} that
 * names it. A member that is null counts as absent.
 */
final class Fields {
  private static final JsonMapper MAPPER =
      Json.mapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private final JsonNode object;
  private final String at;

  private Fields(JsonNode object, String at, Set<String> known) {
    this.object = object;
    this.at = at;
    Iterator<String> names = object.fieldNames();
    while (names.hasNext()) {
      if (!known.contains(names.next())) {
        throw Refusal.at(
            Status.BAD_REQUEST_400,
            at.isEmpty() ? "body" : at.substring(0, at.length() - 1),
            "Only these members are known: " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  /**
   * @param known the members that may be there
   */
  static Fields parse(byte[] json, Set<String> known) {
    try {
      JsonNode object = MAPPER.readTree(json);
      if (!object.isObject()) {
        throw invalid("body", "Must be a JSON object");
      }
      return new Fields(object, "", known);
    } catch (JsonProcessingException malformed) {
      throw invalid("body", "Must be a JSON object");
    } catch (IOException impossible) {
      throw new IllegalStateException("Bytes are read from memory", impossible);
    }
  }

  /** Promises the members of an object within; none when it is absent. */
  Fields object(String name, Set<String> known) {
    JsonNode value = object.path(name);
    boolean absent = value.isNull() || value.isMissingNode();
    if (!absent && !value.isObject()) {
      throw invalid(at + name, "Must be an object");
    }
    return new Fields(absent ? MAPPER.createObjectNode() : value, at + name + ".", known);
  }

  /** Promises a string; null when it is absent. */
  @Nullable String text(String name) {
    JsonNode value = object.path(name);
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw invalid(at + name, "Must be a string that is not blank");
    }
    if (value.textValue().codePoints().anyMatch(Fields::unstorable)) {
      throw invalid(at + name, "Holds a character that no text may have (NUL, half a pair)");
    }
    return value.textValue();
  }

  /** PostgreSQL refuses NUL, and nobody can encode half of a surrogate pair. */
  private static boolean unstorable(int character) {
    return character == 0 || Character.getType(character) == Character.SURROGATE;
  }

  /** Promises an integer in a range, or the answer for its absence. */
  int integer(String name, int min, int max, int absent) {
    JsonNode value = object.path(name);
    if (value.isNull() || value.isMissingNode()) {
      return absent;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < min
        || value.intValue() > max) {
      throw invalid(at + name, "Must be an integer of %d to %d".formatted(min, max));
    }
    return value.intValue();
  }

  /** Promises a number in a range, or the answer for its absence. */
  double number(String name, double min, double max, double absent) {
    JsonNode value = object.path(name);
    if (value.isNull() || value.isMissingNode()) {
      return absent;
    }
    if (!value.isNumber() || value.doubleValue() < min || value.doubleValue() > max) {
      throw invalid(at + name, "Must be a number of %s to %s".formatted(min, max));
    }
    return value.doubleValue();
  }

  /** Promises a list of strings; empty when it is absent. */
  List<String> texts(String name) {
    JsonNode value = object.path(name);
    if (value.isNull() || value.isMissingNode()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      texts.add(element.asText());
    }
    if (!value.isArray() || value.valueStream().anyMatch(element -> !element.isTextual())) {
      throw invalid(at + name, "Must be a list of strings");
    }
    return texts;
  }

  /** Promises a UUID; null when it is absent. */
  @Nullable UUID uuid(String name) {
    String text = text(name);
    return text == null ? null : uuid(text, at + name);
  }

  /**
   * Promises the UUID that a text is, in its canonical form.
   *
   * @param attribute named by the refusal
   */
  static UUID uuid(String text, String attribute) {
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equalsIgnoreCase(text)) {
        return id;
      }
    } catch (IllegalArgumentException malformed) {
      throw invalid(attribute, "Must be a UUID");
    }
    throw invalid(attribute, "Must be a UUID");
  }

  static Refusal invalid(String attribute, String detail) {
    return Refusal.at(Status.BAD_REQUEST_400, attribute, detail);
  }
}
