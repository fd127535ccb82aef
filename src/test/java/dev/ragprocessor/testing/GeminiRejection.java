package dev.ragprocessor.testing;

/** A request that the real service answers with an error. */
final class GeminiRejection extends Exception {
  private static final long serialVersionUID = 1L;
  final int code;
  final String status;
  final String details;

  GeminiRejection(int code, String status, String message) {
    this(code, status, message, "");
  }

  /**
   * @param details google.rpc's, in JSON
   */
  GeminiRejection(int code, String status, String message, String details) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }

  static GeminiRejection invalid(String message) {
    return new GeminiRejection(400, "INVALID_ARGUMENT", message);
  }

  static GeminiRejection notFound(String what) {
    return new GeminiRejection(404, "NOT_FOUND", what);
  }
}
