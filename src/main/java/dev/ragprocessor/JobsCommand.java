package dev.ragprocessor;

import java.util.List;
import java.util.concurrent.Callable;
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
  @Mixin ConfigurationOptions options = new ConfigurationOptions();
  @Mixin TenantOption tenants = new TenantOption();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      defaultValue = "50",
      description = "How many jobs, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  int limit = 50;

  JobsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > 1_000) {
      throw new ParameterException(spec.commandLine(), "--limit must be 1 to 1000: " + limit);
    }
    Configuration configuration = options.read(terminal.environment());
    try (Ending ending = Ending.onSignal()) {
      Instance instance = Instances.asking(configuration, terminal, ending.closables());
      List<Instance.JobLine> jobs = instance.jobs(tenants.of(configuration), limit);
      for (Instance.JobLine job : jobs) {
        terminal.say("%-20s %s  %s", status(job), job.object(), job.error());
      }
      terminal.tell("%d jobs", jobs.size());
      return Exit.DONE;
    }
  }

  private static String status(Instance.JobLine job) {
    return job.ended() ? job.status() : job.status() + "/" + job.stage();
  }
}
