package dev.ragprocessor.telemetry.profile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;

/** Where in the code an event happened. */
final class Stacks {
  /** What is told where an event has no stack. */
  static final String UNKNOWN = "(no stack)";

  private static final String OWN = "dev.ragprocessor.";
  private static final int LONGEST = 30;

  private Stacks() {}

  static List<RecordedFrame> frames(RecordedEvent event) {
    return event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
  }

  /** Promises the innermost frame. */
  static String top(RecordedEvent event) {
    return frames(event).stream().findFirst().map(Stacks::text).orElse(UNKNOWN);
  }

  /** Promises the innermost frame of the service's own code, else the innermost at all. */
  static String own(RecordedEvent event) {
    return ownFrame(event).map(Stacks::text).orElseGet(() -> top(event));
  }

  static Optional<RecordedFrame> ownFrame(RecordedEvent event) {
    return frames(event).stream().filter(frame -> type(frame).startsWith(OWN)).findFirst();
  }

  /** Promises the frame as a person looks it up. */
  static String text(RecordedFrame frame) {
    RecordedMethod method = frame.getMethod();
    int line = frame.getLineNumber();
    return "%s.%s%s"
        .formatted(
            method.getType().getName(), method.getName(), line > 0 ? " (line " + line + ")" : "");
  }

  static String type(RecordedFrame frame) {
    return frame.getMethod().getType().getName();
  }

  /** Promises the whole stack, a line each. */
  static String all(RecordedEvent event) {
    return frames(event).stream()
        .limit(LONGEST)
        .map(Stacks::text)
        .collect(Collectors.joining("\n"));
  }

  /** Promises the first line of a written stack that is the service's own, below its scopes. */
  static String ownLine(String stack) {
    return stack
        .lines()
        .map(line -> line.strip().replaceFirst("^at ", ""))
        .filter(line -> line.contains(OWN) && !line.contains(OWN + "db."))
        .findFirst()
        .orElse("");
  }
}
