package dev.ragprocessor;

import dev.ragprocessor.store.JobAttempt;
import dev.ragprocessor.store.JobView;
import dev.ragprocessor.store.TenantId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a job and what became of each of its attempts. */
@Command(
    mixinStandardHelpOptions = true,
    description = "Show a job, and what became of each of its attempts, the last one first.")
final class JobShowCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin AskingOptions asking = new AskingOptions();

  @Parameters(
      paramLabel = Subject.LABEL,
      converter = Subject.Converter.class,
      description = "Which, by id or by the object's path.")
  Subject subject = new Subject.ObjectPath("");

  JobShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = asking.configuration(terminal);
    TenantId tenant = asking.tenant(configuration);
    try (Ending ending = Ending.onSignal()) {
      Instance instance = asking.instance(configuration, terminal, ending.closables());
      Optional<Instance.JobHistory> found =
          subject.job(instance, tenant).flatMap(id -> instance.job(tenant, id));
      if (found.isEmpty()) {
        terminal.say("%s: tenant %s has no such job", subject, tenant);
        return Exit.FAILED;
      }
      show(found.get());
      return Exit.DONE;
    }
  }

  private void show(Instance.JobHistory history) {
    JobView job = history.job();
    Facts.of(terminal)
        .say("job", job.id())
        .say("document", job.documentId())
        .say("object", job.object())
        .say("generation", job.generation())
        .say("status", job.status().label())
        .say("stage", job.stage())
        .say("retries", job.retryCount())
        .say("reason", job.error())
        .say("created", job.createdAt())
        .say("updated", job.updatedAt())
        .say("next attempt", job.nextAttemptAt())
        .say("completed", job.completedAt());
    for (JobAttempt attempt : history.attempts()) {
      terminal.say(
          "  %s  attempt %d of generation %d: %s%s",
          attempt.endedAt(),
          attempt.attempt(),
          attempt.generation(),
          attempt.outcome(),
          attempt.reason() == null ? "" : ": " + attempt.reason());
    }
  }
}
