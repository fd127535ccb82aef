package dev.ragprocessor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The program's own log. */
final class Logs {
  private Logs() {}

  /** Promises that this program logs from this level on, and the JDK's log goes the same way. */
  static void configure(Settings.LogLevel level) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logs.class.getPackageName()).setLevel(Level.toLevel(level.name()));
    }
  }
}
