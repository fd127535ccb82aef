package dev.ragprocessor;

import dev.ragprocessor.telemetry.recording.RecordingProfile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints what a recording is made with. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    description = {
      "Print the settings of a recording, for jcmd:",
      "rag-processor profile settings > rag.jfc",
      "jcmd PID JFR.start settings=rag.jfc"
    })
final class ProfileSettingsCommand implements Callable<Integer> {
  private final Terminal terminal;

  ProfileSettingsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().print(RecordingProfile.text());
    terminal.out().flush();
    return Exit.DONE;
  }
}
