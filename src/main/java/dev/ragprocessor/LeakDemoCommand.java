package dev.ragprocessor;

import dev.ragprocessor.db.demo.LeakDemo;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what leaks a connection, and that scopes do not. */
@Command(
    name = "leak-demo",
    mixinStandardHelpOptions = true,
    description = {
      "Make the same mistakes over two pools of four connections and show both after every event.",
      "One uses the database client by itself: a stream is left unread, a transaction never ended."
          + " It is dead at the fifth event. The other makes them in scopes, and goes on."
    })
final class LeakDemoCommand implements Callable<Integer> {
  private static final int ROW_EVERY = 1_000;

  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  @Option(
      names = "--events",
      paramLabel = "COUNT",
      defaultValue = "10000",
      description = "How many events the scoped way shall do (default: ${DEFAULT-VALUE}).")
  int events;

  LeakDemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.read(terminal.environment(), presets());
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      LeakDemo demo = new LeakDemo(parts.endpoint(), events);
      terminal.say("%7s  %-48s%s", "", "the leaky way", "the scoped way");
      terminal.say(
          "%7s  %6s %4s  %-34s  %6s %4s  %s",
          "event", "active", "idle", "outcome", "active", "idle", "outcome");
      LeakDemo.Result result = demo.run(this::show);
      terminal.say(
          """

          The leaky way died at event %d: its connections are lent, and nobody has them. It said:
            %s
          The scoped way has done %,d events and has %d connections out.""",
          result.leakyDiedAt(), result.lastWords(), result.scopedDone(), result.scopedActive());
      return result.scopedDone() == events && result.scopedActive() == 0 ? Exit.DONE : Exit.FAILED;
    }
  }

  /** Each event until the leaky way is dead, then one in a thousand. */
  private void show(LeakDemo.Row row) {
    if (row.event() <= 2 * LeakDemo.POOL_SIZE
        || row.event() % ROW_EVERY == 0
        || row.event() == events) {
      terminal.say(
          "%,7d  %6d %4d  %-34s  %6d %4d  %s",
          row.event(),
          row.leaky().active(),
          row.leaky().idle(),
          row.leaky().outcome(),
          row.scoped().active(),
          row.scoped().idle(),
          row.scoped().outcome());
    }
  }

  /** A server of its own, which is gone afterwards; everything can be overridden. */
  private static Map<String, String> presets() {
    Path scratch =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "rag-processor-leak-demo-" + ProcessHandle.current().pid());
    return Map.of(
        Settings.DATABASE_PRIVATE_NAME.key(),
        "leak-demo",
        Settings.DATABASE_PRIVATE_HOME.key(),
        scratch.toString(),
        Settings.DATABASE_PRIVATE_LIFETIME.key(),
        "scratch",
        Settings.LOG_LEVEL.key(),
        "error");
  }
}
