package dev.ragprocessor.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a body ends must be beyond doubt (RFC 9112, section 6.3): whoever stands between might see
 * it elsewhere and smuggle a request. Helidon 4.1 is lenient about each of these.
 */
final class Framing {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private Framing() {}

  /**
   * Promises whether the headers tell one length of the body, or none.
   *
   * @param headers as received
   */
  static boolean isUnambiguous(Headers headers) {
    List<String> lengths = values(headers, HeaderNames.CONTENT_LENGTH);
    List<String> encodings = values(headers, HeaderNames.TRANSFER_ENCODING);
    if (!lengths.isEmpty() && !encodings.isEmpty()) {
      return false;
    }
    boolean length = lengths.size() == 1 && LENGTH.matcher(lengths.getFirst()).matches();
    boolean chunked = encodings.size() == 1 && encodings.getFirst().equals("chunked");
    return (lengths.isEmpty() || length) && (encodings.isEmpty() || chunked);
  }

  private static List<String> values(Headers headers, HeaderName name) {
    return headers.all(name, List::of);
  }
}
