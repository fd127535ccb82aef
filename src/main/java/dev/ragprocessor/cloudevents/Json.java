package dev.ragprocessor.cloudevents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Bounded, strict JSON: UTF-8 only, one value, no member twice, numbers exact. */
final class Json {
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");

  /** Far above what Cloud Storage and Pub/Sub nest (four levels) and far below a stack's depth. */
  private static final int MAX_DEPTH = 64;

  private static final int MAX_NUMBER_CHARACTERS = 100;
  private static final int MAX_NAME_CHARACTERS = 4_096;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // The default keeps its buffers in the thread, and each connection is one.
                  .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_CHARACTERS)
                          .maxNameLength(MAX_NAME_CHARACTERS)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  /**
   * Promises the one value that the bytes are.
   *
   * @param attribute named by the error
   * @throws MalformedEventException when they are none
   */
  static JsonNode parse(byte[] bytes, String attribute) {
    if (bytes.length == 0) {
      throw new MalformedEventException(attribute, "The JSON is missing: the body is empty");
    }
    try {
      // Jackson guesses the charset and lets encoded surrogates pass; the decoder does neither.
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      JsonNode value = MAPPER.readTree(text.startsWith("\ufeff") ? text.substring(1) : text);
      if (value.isMissingNode()) {
        throw new MalformedEventException(attribute, "The JSON is missing: there is only space");
      }
      return value;
    } catch (CharacterCodingException broken) {
      throw new MalformedEventException(attribute, "The JSON is not UTF-8");
    } catch (JsonProcessingException broken) {
      throw new MalformedEventException(attribute, "Not JSON that is read here" + place(broken));
    }
  }

  /** The message itself may quote the input, so that only the place is passed on. */
  private static String place(JsonProcessingException broken) {
    return broken.getLocation() == null
        ? ""
        : ": line %d, column %d"
            .formatted(broken.getLocation().getLineNr(), broken.getLocation().getColumnNr());
  }

  /**
   * Promises a string member's value; empty when it is absent or null.
   *
   * @throws MalformedEventException when it is there and no string
   */
  static String text(JsonNode object, String member, String attribute) {
    JsonNode value = object.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual()) {
      throw new MalformedEventException(attribute, "Must be a string");
    }
    return value.textValue();
  }

  /**
   * Promises an int64 written as a JSON number or, as Google's APIs do, as a string: exactly, never
   * by way of a double.
   *
   * @param absent the answer when it is absent or null
   * @throws MalformedEventException when it is there and no int64 of at least 0
   */
  static long int64(JsonNode object, String member, String attribute, long absent) {
    JsonNode value = object.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0) {
      return value.longValue();
    }
    return int64(value.isTextual() ? value.textValue() : "", attribute);
  }

  private static long int64(String text, String attribute) {
    if (INTEGER.matcher(text).matches()) {
      try {
        long number = Long.parseLong(text);
        if (number >= 0) {
          return number;
        }
      } catch (NumberFormatException tooLarge) {
        throw notInt64(attribute);
      }
    }
    throw notInt64(attribute);
  }

  private static MalformedEventException notInt64(String attribute) {
    return new MalformedEventException(
        attribute, "Must be an integer of 0 to 2^63-1, as a number or as a string");
  }

  /**
   * @throws MalformedEventException when the text is no base64 (RFC 4648, section 4)
   */
  static byte[] base64(String text, String attribute) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException broken) {
      throw new MalformedEventException(attribute, "Not base64");
    }
  }
}
