package dev.ragprocessor;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings the schema up to date and ends. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description =
        "Create the tables, or bring them up to date, and end. The other commands do it as well.")
final class MigrateCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  MigrateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.read(terminal.environment());
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      int migrations = parts.migrate(parts.endpoint());
      terminal.say("The schema is up to date; %d migrations ran now.", migrations);
      return Exit.DONE;
    }
  }
}
