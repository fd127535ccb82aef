package dev.ragprocessor;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Recordings of a running service: what goes into one, and what it says. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Read a JFR recording of the service, or print what one is made with.",
      "The admin port makes one: POST /recording, POST /recording/stop, GET /recording.jfr; and so"
          + " does jcmd."
    })
final class ProfileCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  private ProfileCommand() {}

  /** Promises the command line with its parts. */
  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new ProfileCommand())
        .addSubcommand(new ProfileReportCommand(terminal))
        .addSubcommand(new ProfileSettingsCommand(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What is to be done is missing.");
  }
}
