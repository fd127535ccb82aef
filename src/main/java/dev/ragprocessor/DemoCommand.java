package dev.ragprocessor;

import dev.ragprocessor.db.PoolState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the whole thing at work over files of its own, and goes on serving. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Start everything, take in the sample files, ask one question, and serve until Ctrl-C.")
final class DemoCommand implements Callable<Integer> {
  private static final String QUESTION = "How often does the sourdough starter have to be fed?";
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int LOOKS = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  @Option(
      names = "--samples",
      paramLabel = "DIRECTORY",
      defaultValue = "src/samples",
      description = "Whose folders are copied as buckets (default: ${DEFAULT-VALUE}).")
  Path samples = Path.of("src/samples");

  @Option(
      names = "--directory",
      paramLabel = "DIRECTORY",
      defaultValue = "target/demo",
      description = "Where the demo works; files already there stay (default: ${DEFAULT-VALUE}).")
  Path directory = Path.of("target/demo");

  @Option(names = "--with-parent", hidden = true)
  boolean withParent;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = options.read(terminal.environment(), presets());
    Path buckets = configuration.get(Settings.BUCKET_DIRECTORY);
    try (Ending ending = Ending.onSignal()) {
      if (withParent) {
        ending.followParent();
      }
      Set<String> objects = copySamples(buckets);
      Application application = Application.start(configuration, terminal, ending.closables());
      boolean all = awaitProcessed(application, objects, ending);
      ask(application);
      showRest(application, ending);
      showWays(application, buckets);
      ending.announce(terminal);
      ending.await();
      return all ? Exit.DONE : Exit.FAILED;
    }
  }

  /**
   * A server and generations of its own, which are gone afterwards; everything can be overridden.
   */
  private Map<String, String> presets() {
    Path scratch =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "rag-processor-demo-" + ProcessHandle.current().pid());
    return Map.of(
        Settings.BUCKET_DIRECTORY.key(),
        directory.resolve("buckets").toString(),
        Settings.BUCKET_STATE_DIRECTORY.key(),
        directory.resolve("state-" + ProcessHandle.current().pid()).toString(),
        Settings.DATABASE_PRIVATE_NAME.key(),
        "demo",
        Settings.DATABASE_PRIVATE_HOME.key(),
        scratch.toString(),
        Settings.DATABASE_PRIVATE_LIFETIME.key(),
        "scratch",
        Settings.LOG_LEVEL.key(),
        "warn",
        Settings.LOG_FORMAT.key(),
        "text");
  }

  /** Promises the samples in the buckets, and their {@code gs://} paths; a file there stays. */
  private Set<String> copySamples(Path buckets) {
    Set<String> objects = new LinkedHashSet<>();
    try (Stream<Path> files = Files.walk(samples)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Path name = samples.relativize(file);
        Path target = buckets.resolve(name);
        Files.createDirectories(target.getParent());
        if (!Files.exists(target)) {
          Files.copy(file, target);
        }
        objects.add("gs://" + name.toString().replace('\\', '/'));
      }
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of("the samples in %s cannot be copied to %s: %s".formatted(samples, buckets, e)));
    }
    terminal.tell("%d sample files lie in %s", objects.size(), buckets);
    return objects;
  }

  /** Waits until the watcher has delivered each, and each job has ended; whether all were taken. */
  private boolean awaitProcessed(Application application, Set<String> objects, Ending ending)
      throws InterruptedException {
    Set<String> waiting = new HashSet<>(objects);
    boolean all = true;
    long start = System.nanoTime();
    while (!waiting.isEmpty() && System.nanoTime() - start < PATIENCE.toNanos()) {
      for (Instance.JobLine job : application.instance().jobs(application.tenant(), 1_000)) {
        if (job.ended() && waiting.remove(job.object())) {
          terminal.tell("  %-10s %s %s", job.status(), job.object(), job.error());
          all &= job.error().isEmpty();
        }
      }
      if (ending.await(POLL)) {
        return false;
      }
    }
    waiting.forEach(object -> terminal.tell("  not done yet: %s", object));
    return all && waiting.isEmpty();
  }

  private void ask(Application application) {
    terminal.say("%n%s", QUESTION);
    SearchCommand.show(terminal, application.instance().search(application.tenant(), QUESTION, 3));
  }

  /** The sweeper and the leases use the pool for moments, so that rest is waited for. */
  private void showRest(Application application, Ending ending) throws InterruptedException {
    PoolState pool = application.database().state();
    for (int look = 0; look < LOOKS && !isAtRest(pool) && !ending.await(POLL); look++) {
      pool = application.database().state();
    }
    terminal.say(
        "%nThe pool at rest: %d active, %d of %d permits free, %d connections open",
        pool.active(), pool.freePermits(), pool.size(), pool.total());
  }

  private static boolean isAtRest(PoolState pool) {
    return pool.active() == 0 && pool.freePermits() == pool.size();
  }

  private void showWays(Application application, Path buckets) {
    terminal.say(
        """

        Serving on %1$s (health and metrics on %2$s). Open it in a browser, or a terminal:

          curl -s %1$s/search -H 'Content-Type: application/json' \\
            -d '{"tenant": "%3$s", "query": "Which bread is free of gluten?", "limit": 3}'
          curl -s '%1$s/jobs?tenant=%3$s'
          echo 'The key of the flour store hangs behind the clock.' > %4$s/library/keys.txt
          curl -s %2$s/health/ready

        Drop files into %4$s/library, replace them, remove them. Ctrl-C ends everything.\
        """,
        application.address(), application.adminAddress(), application.tenant(), buckets);
  }
}
