package dev.ragprocessor.embed;

/**
 * Guesses, on the high side, how many tokens Gemini makes of a text: its tokenizer is not public,
 * and asking it costs a request a text. Four Latin letters a token; digits, marks and letters of
 * other scripts one each.
 */
final class TokenEstimate {
  private TokenEstimate() {}

  static int of(String text) {
    int latin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' || c == '\n') {
        latin++;
      }
    }
    return Math.max(1, (latin + 3) / 4 + text.length() - latin);
  }
}
