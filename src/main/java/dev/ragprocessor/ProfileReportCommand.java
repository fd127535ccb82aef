package dev.ragprocessor;

import dev.ragprocessor.telemetry.profile.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what stands out in a recording. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Say what stands out in a recording: where the time of the slowest events went, stages, pool"
          + " and permits, long holds and leaks, pinned threads, locks, allocation, model calls,"
          + " jobs, garbage collection.",
      "The findings come first."
    })
final class ProfileReportCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The recording, a .jfr file.")
  Path file = Path.of("");

  @Option(
      names = "--html",
      paramLabel = "OUT",
      description = "Write the report there, as one HTML file with plots, instead of as text.")
  @Nullable Path html;

  ProfileReportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Report report;
    try {
      report = Report.of(file);
    } catch (IOException e) {
      terminal.tell("%s cannot be read as a recording: %s", file, String.valueOf(e.getMessage()));
      return Exit.USAGE;
    }
    if (html == null) {
      terminal.out().print(report.text());
      terminal.out().flush();
      return Exit.DONE;
    }
    try {
      Files.writeString(html, report.html());
    } catch (IOException e) {
      terminal.tell("%s cannot be written: %s", html, e);
      return Exit.USAGE;
    }
    terminal.tell("Written: %s", html);
    return Exit.DONE;
  }
}
