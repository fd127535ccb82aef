package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes in what is in a bucket already. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Take in what is in a bucket already. Objects that are up to date cost a look and no work,"
          + " so that it can be repeated.",
      "",
      "A path must lie below bucket.directory, whose first-level folders are the buckets."
    })
final class IngestCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  @Parameters(
      paramLabel = "PATH|gs://BUCKET/PREFIX",
      description =
          "A file or folder of the bucket directory, or a bucket and the names' beginning.")
  String source = "";

  IngestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    // Each object has its line of progress; the log's would stand between.
    Configuration configuration =
        options.read(terminal.environment(), Map.of(Settings.LOG_LEVEL.key(), "error"));
    BucketPrefix wanted = BucketPrefix.of(source, configuration);
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      ObjectStore objects = parts.objects();
      List<ObjectAttributes> listed = wanted.list(objects);
      terminal.tell("%,d objects in %s", listed.size(), wanted);
      OwnInstance instance = Instances.taking(parts, objects);
      return new Backfill(instance, ending, terminal).run(listed);
    }
  }
}
