package dev.ragprocessor;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.SegmentIndexes;
import dev.ragprocessor.store.Spaces;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Goes over from an index over all rows to segments. */
@Command(
    mixinStandardHelpOptions = true,
    description = {
      "Drop the index over all texts' vectors, whoever has made it, once what is in it has an index"
          + " of segments. Searches and events go on meanwhile.",
      "A table with many rows wants much memory for that: --set index.build-memory=4GiB"
    })
final class IndexDropWholeCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  IndexDropWholeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.read(terminal.environment());
    if (configuration.get(Settings.INDEX_KIND) != Settings.IndexKind.SEGMENTS) {
      throw new ConfigurationException(
          List.of("index.kind = whole would build the index anew: set it to segments"));
    }
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      DatabaseEndpoint endpoint = parts.endpoint();
      Database database = parts.database(endpoint);
      Optional<ActiveSpace> space = database.execute("index.space", Spaces::active);
      Optional<String> whole =
          space.flatMap(
              one -> database.execute("index.look", db -> SegmentIndexes.look(db, one, 0)).whole());
      if (whole.isEmpty()) {
        terminal.say("There is no index over all rows; nothing was changed.");
        return Exit.DONE;
      }
      database.execute("index.seal", SegmentIndexes::seal);
      terminal.tell("Segments get their indexes, then %s is dropped", whole.get());
      parts.index(
          endpoint,
          () ->
              database.execute("index.plan", db -> parts.insteadOfWhole(db, space.orElseThrow())));
      terminal.say("%s is dropped; segments have their own indexes.", whole.get());
      return Exit.DONE;
    }
  }
}
