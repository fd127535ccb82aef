package dev.ragprocessor.http;

import io.helidon.http.Status;
import java.time.Duration;
import java.util.Map;

/** Ends a request with a problem. It says something about the request, so it has no stack trace. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Map<String, String> headers;

  private Refusal(Problem problem, Map<String, String> headers) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.headers = Map.copyOf(headers);
  }

  static Refusal of(Status status, String detail) {
    return new Refusal(Problem.of(status, detail), Map.of());
  }

  /** Promises a refusal naming the attribute, field or header at fault. */
  static Refusal at(Status status, String attribute, String detail) {
    return new Refusal(Problem.at(status, attribute, detail), Map.of());
  }

  /** Promises a refusal that says when to come again. */
  static Refusal later(Status status, String detail, Duration retryAfter) {
    return new Refusal(Problem.of(status, detail), Map.of("Retry-After", seconds(retryAfter)));
  }

  /** Promises a refusal with one more header, for example {@code Allow}. */
  static Refusal with(Status status, String detail, String header, String value) {
    return new Refusal(Problem.of(status, detail), Map.of(header, value));
  }

  /** RFC 9110, section 10.2.3: whole seconds; at least one, so that nobody hammers. */
  static String seconds(Duration retryAfter) {
    return String.valueOf(Math.max(1, retryAfter.plusMillis(999).toSeconds()));
  }

  Problem problem() {
    return problem;
  }

  Map<String, String> headers() {
    return headers;
  }
}
