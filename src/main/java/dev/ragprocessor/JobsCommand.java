package dev.ragprocessor;

import dev.ragprocessor.store.JobStatus;
import dev.ragprocessor.store.JobView;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists what was done, what is at work, and what failed and why. */
@Command(
    name = "jobs",
    mixinStandardHelpOptions = true,
    description =
        "List the jobs that changed last: one for each object, with its reason if it failed.")
final class JobsCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin AskingOptions asking = new AskingOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      defaultValue = "50",
      description = "How many jobs, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  int limit = 50;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only these: ${COMPLETION-CANDIDATES}.")
  @Nullable JobStatus status;

  private JobsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Promises the command line: it lists, unless it is told what else to do. */
  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new JobsCommand(terminal))
        .addSubcommand("list", new JobsCommand(terminal))
        .addSubcommand("show", new JobShowCommand(terminal))
        .addSubcommand("retry", DecisionCommand.commandLine(terminal, DecisionCommand.Act.RETRY))
        .addSubcommand("cancel", DecisionCommand.commandLine(terminal, DecisionCommand.Act.CANCEL))
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > 1_000) {
      throw new ParameterException(spec.commandLine(), "--limit must be 1 to 1000: " + limit);
    }
    Configuration configuration = asking.configuration(terminal);
    try (Ending ending = Ending.onSignal()) {
      Instance instance = asking.instance(configuration, terminal, ending.closables());
      List<JobView> jobs = instance.jobs(asking.tenant(configuration), status, null, limit);
      for (JobView job : jobs) {
        Instance.JobLine line = Instance.JobLine.of(job);
        terminal.say("%-20s %s  %s", status(line), line.object(), line.error());
      }
      terminal.tell("%d jobs", jobs.size());
      return Exit.DONE;
    }
  }

  private static String status(Instance.JobLine job) {
    return job.ended() ? job.status() : job.status() + "/" + job.stage();
  }
}
