package dev.ragprocessor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.ragprocessor.telemetry.CloudLogEncoder;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The program's own log. */
final class Logs {
  private static final String APPENDER = "console";

  private Logs() {}

  /** Promises that this program logs as configured, and the JDK's log goes the same way. */
  static void configure(Configuration configuration, Terminal terminal) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context
          .getLogger(Logs.class.getPackageName())
          .setLevel(Level.toLevel(configuration.get(Settings.LOG_LEVEL).name()));
      if (isJson(configuration, terminal)
          && context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(APPENDER)
              instanceof ConsoleAppender<ILoggingEvent> console) {
        CloudLogEncoder encoder = new CloudLogEncoder(configuration.get(Settings.GEMINI_PROJECT));
        encoder.setContext(context);
        encoder.start();
        console.setEncoder(encoder);
      }
    }
  }

  /** Promises a terminal whose progress and problems are lines of the log, where that is JSON. */
  static Terminal terminal(Configuration configuration, Terminal terminal) {
    return isJson(configuration, terminal)
        ? new Terminal(
            terminal.out(),
            new PrintWriter(new LogWriter(LoggerFactory.getLogger(Logs.class)), true),
            false,
            terminal.environment())
        : terminal;
  }

  private static boolean isJson(Configuration configuration, Terminal terminal) {
    return switch (configuration.get(Settings.LOG_FORMAT)) {
      case AUTO -> !terminal.interactive();
      case TEXT -> false;
      case JSON -> true;
    };
  }
}
