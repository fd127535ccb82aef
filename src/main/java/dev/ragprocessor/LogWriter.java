package dev.ragprocessor;

import java.io.Writer;
import org.slf4j.Logger;

/** Makes a line of the log of every line that is written. Safe for use by many threads. */
final class LogWriter extends Writer {
  private final Logger log;
  private final StringBuilder line = new StringBuilder();

  LogWriter(Logger log) {
    this.log = log;
  }

  @Override
  public void write(char[] text, int from, int length) {
    synchronized (lock) {
      for (int at = from; at < from + length; at++) {
        if (text[at] == '\n') {
          log.info("{}", line.toString());
          line.setLength(0);
        } else if (text[at] != '\r') {
          line.append(text[at]);
        }
      }
    }
  }

  /** Lines are written when they end. */
  @Override
  public void flush() {}

  /** Writes what has no end yet. */
  @Override
  public void close() {
    write(new char[] {'\n'}, 0, line.isEmpty() ? 0 : 1);
  }
}
