package dev.ragprocessor.telemetry.profile;

/**
 * One thing that stands out, as a sentence for a person.
 *
 * @param problem whether somebody should act on it; else it is good to know
 */
record Finding(boolean problem, String text) {
  static Finding problem(String text) {
    return new Finding(true, text);
  }

  static Finding notice(String text) {
    return new Finding(false, text);
  }
}
