package dev.ragprocessor;

import dev.ragprocessor.ingest.Decision;
import dev.ragprocessor.store.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Does one thing to each job or document that a person names, and says of each what became of it.
 */
@Command(mixinStandardHelpOptions = true)
final class DecisionCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Act act;
  @Mixin AskingOptions asking = new AskingOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = Subject.LABEL,
      converter = Subject.Converter.class,
      description = "Which, by id or by the object's path.")
  List<Subject> subjects = List.of();

  private DecisionCommand(Terminal terminal, Act act) {
    this.terminal = terminal;
    this.act = act;
  }

  /** Promises the command line of {@code act}. */
  static CommandLine commandLine(Terminal terminal, Act act) {
    CommandLine command = new CommandLine(new DecisionCommand(terminal, act));
    command.getCommandSpec().usageMessage().description(act.description);
    return command;
  }

  @Override
  public Integer call() {
    Configuration configuration = asking.configuration(terminal);
    TenantId tenant = asking.tenant(configuration);
    try (Ending ending = Ending.onSignal()) {
      Instance instance = asking.instance(configuration, terminal, ending.closables());
      boolean all = true;
      for (Subject subject : subjects) {
        all &= decide(instance, tenant, subject);
      }
      return all ? Exit.DONE : Exit.FAILED;
    }
  }

  private boolean decide(Instance instance, TenantId tenant, Subject subject) {
    Optional<UUID> id =
        act.aboutJobs ? subject.job(instance, tenant) : subject.document(instance, tenant);
    Decision<UUID> decision =
        id.map(known -> act.on(instance, tenant, known)).orElseGet(Decision.Unknown::new);
    return switch (decision) {
      case Decision.Done<UUID>(UUID now) -> {
        terminal.say("%s: %s (%s)", subject, act.done, now);
        yield true;
      }
      case Decision.Unknown<UUID>() -> {
        terminal.say(
            "%s: tenant %s has no such %s", subject, tenant, act.aboutJobs ? "job" : "document");
        yield false;
      }
      case Decision.Refused<UUID>(String reason) -> {
        terminal.say("%s: not done: %s", subject, reason);
        yield false;
      }
    };
  }

  /** What can be done. */
  enum Act {
    RETRY(
        true,
        "due at once",
        "Make jobs due at once that failed, were cancelled, or wait for their retry."),
    CANCEL(
        true,
        "cancelled",
        "Cancel jobs: whoever works on one stops at its next stage and writes nothing. A newer"
            + " generation of the object makes new work."),
    REPROCESS(
        false,
        "to be processed again, by the job",
        "Take the documents' objects again, text and vectors, though they may be unchanged. Until"
            + " then they can be found as they are."),
    DELETE(
        false,
        "deleted",
        "Delete documents and their passages. The objects stay in their bucket, and come back only"
            + " when they are written again.");

    private final boolean aboutJobs;
    private final String done;
    private final String description;

    Act(boolean aboutJobs, String done, String description) {
      this.aboutJobs = aboutJobs;
      this.done = done;
      this.description = description;
    }

    private Decision<UUID> on(Instance instance, TenantId tenant, UUID id) {
      return switch (this) {
        case RETRY -> instance.retry(tenant, id);
        case CANCEL -> instance.cancel(tenant, id);
        case REPROCESS -> instance.reprocess(tenant, id);
        case DELETE -> instance.delete(tenant, id);
      };
    }
  }
}
