package dev.ragprocessor;

import dev.ragprocessor.db.DatabaseEndpoint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the schema up to date and ends. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description =
        "Create the tables, or bring them up to date, and end. The other commands do it as well,"
            + " unless database.migrate = never.")
final class MigrateCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  @Option(
      names = "--index",
      description =
          "Also make the configured model's vectors those that are searched, and build their"
              + " index.")
  boolean index;

  MigrateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.read(terminal.environment());
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      DatabaseEndpoint endpoint = parts.endpoint();
      int migrations = parts.migrate(endpoint);
      if (index) {
        parts.index(endpoint);
      }
      terminal.say("The schema is up to date; %d migrations ran now.", migrations);
      return Exit.DONE;
    }
  }
}
