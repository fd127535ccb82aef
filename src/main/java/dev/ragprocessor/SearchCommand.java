package dev.ragprocessor;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks one question and shows the ranked passages. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = "Ask a question in words and see the passages that are nearest in meaning.")
final class SearchCommand implements Callable<Integer> {
  private static final int WIDTH = 200;

  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();
  @Mixin TenantOption tenants = new TenantOption();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      defaultValue = "5",
      description = "How many passages, 1 to 100 (default: ${DEFAULT-VALUE}).")
  int limit = 5;

  @Parameters(paramLabel = "WORDS", arity = "1..*", description = "The question.")
  List<String> words = List.of();

  SearchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > 100) {
      throw new ParameterException(spec.commandLine(), "--limit must be 1 to 100: " + limit);
    }
    Configuration configuration = options.read(terminal.environment());
    try (Ending ending = Ending.onSignal()) {
      Instance instance = Instances.asking(configuration, terminal, ending.closables());
      Instance.Answered answer =
          instance.search(tenants.of(configuration), String.join(" ", words), limit);
      show(terminal, answer);
      return answer.found().isEmpty() ? Exit.FAILED : Exit.DONE;
    }
  }

  /** Promises the passages for a person, the best first. */
  static void show(Terminal terminal, Instance.Answered answer) {
    List<Instance.Found> found = answer.found();
    if (found.isEmpty()) {
      terminal.say("Nothing was found.");
    }
    for (int rank = 1; rank <= found.size(); rank++) {
      Instance.Found hit = found.get(rank - 1);
      terminal.say(
          "%2d. %.3f  %s%s",
          rank, hit.score(), hit.object(), hit.place().isEmpty() ? "" : "  (" + hit.place() + ")");
      terminal.say("           %s", shortened(hit.text()));
    }
    if (!answer.note().isEmpty()) {
      terminal.tell("Note: %s", answer.note());
    }
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    if (line.codePointCount(0, line.length()) <= WIDTH) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, WIDTH)) + "…";
  }
}
