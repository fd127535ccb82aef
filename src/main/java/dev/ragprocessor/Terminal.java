package dev.ragprocessor;

import com.google.errorprone.annotations.FormatMethod;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What a command talks to.
 *
 * @param out for results
 * @param err for progress and problems
 * @param interactive whether a person looks at {@code err}, so that a line may be drawn over
 * @param environment the environment's variables
 */
record Terminal(
    PrintWriter out, PrintWriter err, boolean interactive, Map<String, String> environment) {
  /** Promises this process' own; results are UTF-8 whatever the locale. */
  static Terminal ofProcess() {
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false),
        System.getenv());
  }

  /** Promises one line of a result. */
  @FormatMethod
  void say(String format, Object... arguments) {
    out.println(format.formatted(arguments));
  }

  /** Promises one line of progress. */
  @FormatMethod
  void tell(String format, Object... arguments) {
    err.println(format.formatted(arguments));
  }
}
