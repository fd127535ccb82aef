package dev.ragprocessor.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.http.Status;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What went wrong with a request, as RFC 9457 wants it told. The type is always {@code
 * about:blank}, so that the title is the status's own phrase.
 *
 * @param detail a sentence for a person, without secrets and without what the request contained
 * @param members further members, for example {@code attribute}
 */
record Problem(Status status, String detail, Map<String, Object> members) {
  static final String MEDIA_TYPE = "application/problem+json";

  private static final JsonMapper MAPPER = Json.mapper().build();

  Problem {
    members = Map.copyOf(members);
  }

  static Problem of(Status status, String detail) {
    return new Problem(status, detail, Map.of());
  }

  /** Promises the problem naming the attribute, field or header at fault. */
  static Problem at(Status status, String attribute, String detail) {
    return new Problem(status, detail, Map.of("attribute", attribute));
  }

  byte[] json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "about:blank");
    document.put("title", status.reasonPhrase());
    document.put("status", status.code());
    document.put("detail", detail);
    document.putAll(members);
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(
          "Only strings, numbers, maps and lists are written", impossible);
    }
  }
}
