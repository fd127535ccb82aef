package dev.ragprocessor;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Serves until a signal ends it. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description =
        "Take events and questions over HTTP, and watch the directory bucket, until Ctrl-C or"
            + " SIGTERM.")
final class ServeCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = options.read(terminal.environment());
    try (Ending ending = Ending.onSignal()) {
      Terminal log = Logs.terminal(configuration, terminal);
      Application application = Application.start(configuration, log, ending.closables());
      log.tell(
          "Serving on %s (health and metrics on %s). Ctrl-C ends it.",
          application.address(), application.adminAddress());
      ending.announce(log);
      ending.await();
      return Exit.DONE;
    }
  }
}
