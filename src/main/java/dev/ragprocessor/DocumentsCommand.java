package dev.ragprocessor;

import dev.ragprocessor.store.DocumentPage;
import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.TenantId;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists what can be found, and what could not be processed. */
@Command(
    name = "documents",
    mixinStandardHelpOptions = true,
    description = "List the documents, the newest first.")
final class DocumentsCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;

  private final Terminal terminal;
  @Mixin AskingOptions asking = new AskingOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      defaultValue = "50",
      description = "How many documents, at least 1 (default: ${DEFAULT-VALUE}).")
  int limit = 50;

  @Option(
      names = "--prefix",
      paramLabel = "gs://BUCKET/PREFIX",
      defaultValue = "",
      description = "Only those whose paths begin so.")
  String prefix = "";

  private DocumentsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Promises the command line: it lists, unless it is told what else to do. */
  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new DocumentsCommand(terminal))
        .addSubcommand("list", new DocumentsCommand(terminal))
        .addSubcommand("show", new DocumentShowCommand(terminal))
        .addSubcommand("delete", DecisionCommand.commandLine(terminal, DecisionCommand.Act.DELETE))
        .addSubcommand(
            "reprocess", DecisionCommand.commandLine(terminal, DecisionCommand.Act.REPROCESS));
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be at least 1: " + limit);
    }
    Configuration configuration = asking.configuration(terminal);
    try (Ending ending = Ending.onSignal()) {
      Instance instance = asking.instance(configuration, terminal, ending.closables());
      terminal.tell("%d documents", list(instance, asking.tenant(configuration)));
      return Exit.DONE;
    }
  }

  private int list(Instance instance, TenantId tenant) {
    int shown = 0;
    DocumentPage.Position after = null;
    do {
      DocumentPage page =
          instance.documents(
              new DocumentPage.Query(
                  tenant, null, null, prefix, after, Math.min(PAGE, limit - shown)));
      for (DocumentView document : page.documents()) {
        terminal.say(
            "%-10s %6d passages  %s  %s",
            document.status(),
            document.chunkCount(),
            document.object(),
            document.error() == null ? "" : document.error());
      }
      shown += page.documents().size();
      after = page.next();
    } while (after != null && shown < limit);
    return shown;
  }
}
