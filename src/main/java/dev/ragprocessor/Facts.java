package dev.ragprocessor;

import org.jspecify.annotations.Nullable;

/** Names and values, one a line; what is not known is left out. */
record Facts(Terminal terminal) {
  static Facts of(Terminal terminal) {
    return new Facts(terminal);
  }

  /** Promises the line, unless there is no value. */
  Facts say(String name, @Nullable Object value) {
    if (value != null) {
      terminal.say("%-13s %s", name, value);
    }
    return this;
  }
}
