package dev.ragprocessor.telemetry;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The conversion word {@code %trail}: which event and job a readable line is about. */
public final class TrailConverter extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    Trail trail = Trail.current();
    StringBuilder text = new StringBuilder();
    append(text, "event", trail.event());
    append(text, "job", trail.job());
    return text.isEmpty() ? "" : " [" + text + "]";
  }

  private static void append(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(value);
    }
  }
}
