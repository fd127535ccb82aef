package dev.ragprocessor;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The indexes of the texts' vectors. */
@Command(
    name = "index",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Show how the vectors of texts are indexed, or go over to segments.")
final class IndexCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  private IndexCommand() {}

  /** Promises the command line with its parts. */
  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new IndexCommand())
        .addSubcommand("show", new IndexShowCommand(terminal))
        .addSubcommand("drop-whole", new IndexDropWholeCommand(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What is to be done is missing.");
  }
}
