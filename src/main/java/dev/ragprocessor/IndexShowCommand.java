package dev.ragprocessor;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.Segment;
import dev.ragprocessor.store.SegmentIndexes;
import dev.ragprocessor.store.Spaces;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the segments and which of them have an index. */
@Command(
    mixinStandardHelpOptions = true,
    description = "Show the indexes of the texts' vectors, and how many rows are in none.")
final class IndexShowCommand implements Callable<Integer> {
  private static final int MOST = 1_000_000;

  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  IndexShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.read(terminal.environment());
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      Database database = parts.database(parts.endpoint());
      Optional<ActiveSpace> space = database.execute("index.space", Spaces::active);
      if (space.isEmpty()) {
        terminal.say("No vectors are stored yet.");
      } else {
        show(database, space.get());
      }
      return Exit.DONE;
    }
  }

  private void show(Database database, ActiveSpace space) {
    SegmentIndexes.State state =
        database.execute("index.look", db -> SegmentIndexes.look(db, space, MOST));
    state.whole().ifPresent(index -> terminal.say("%s  all rows", index));
    for (Segment segment : state.built()) {
      terminal.say(
          "segments %d to %d  %,d rows when built",
          segment.first(), segment.last(), segment.rows());
    }
    if (state.whole().isEmpty()) {
      terminal.say(
          "in none  %,d rows (open: segment %d)",
          database.<Long, RuntimeException>execute(
              "index.count", db -> SegmentIndexes.unindexed(db, space, state, MOST)),
          state.open());
    }
  }
}
