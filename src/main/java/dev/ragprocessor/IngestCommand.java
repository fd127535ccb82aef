package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.store.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes in what is in a bucket already, or mends what the database has of it. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Take in what is in a bucket already. Objects that are up to date cost a look and no work,"
          + " so that it can be repeated.",
      "",
      "With --reconcile, compare the bucket with the database and mend both ways what events that"
          + " never came have left: ingest what the database does not show in that generation, and"
          + " delete the documents whose objects are gone. Services may be at work meanwhile.",
      "",
      "A path must lie below bucket.directory, whose first-level folders are the buckets."
    })
final class IngestCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "PATH|gs://BUCKET/PREFIX",
      description =
          "A file or folder of the bucket directory, or a bucket and the names' beginning.")
  String source = "";

  @Option(
      names = "--reconcile",
      description =
          "Compare all objects and documents whose names begin so, and mend the differences."
              + " What a person has deleted or cancelled stays so.")
  boolean reconcile;

  @Option(
      names = "--dry-run",
      description =
          "With --reconcile: say what is to be done, and do none of it. The exit status is 1 if"
              + " there is anything.")
  boolean dryRun;

  @Option(
      names = "--allow-empty",
      description =
          "With --reconcile: delete every document though the bucket lists no object at all, as a"
              + " directory does whose disk is not mounted.")
  boolean allowEmpty;

  IngestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!reconcile && (dryRun || allowEmpty)) {
      throw new ParameterException(
          spec.commandLine(), "--dry-run and --allow-empty belong to --reconcile");
    }
    // Each object has its line of progress; the log's would stand between.
    Configuration configuration =
        options.read(terminal.environment(), Map.of(Settings.LOG_LEVEL.key(), "error"));
    BucketPrefix wanted = BucketPrefix.of(source, configuration);
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      ObjectStore objects = parts.objects();
      return reconcile
          ? reconcile(parts, wanted, objects, ending)
          : ingest(parts, wanted, objects, ending);
    }
  }

  private int ingest(Composition parts, BucketPrefix wanted, ObjectStore objects, Ending ending)
      throws InterruptedException {
    List<ObjectAttributes> listed = wanted.list(objects);
    terminal.tell("%,d objects in %s", listed.size(), wanted);
    OwnInstance instance = Instances.taking(parts, objects);
    List<Delivery> deliveries = new ArrayList<>();
    listed.forEach(object -> deliveries.add(found(instance, object)));
    Backfill.Result result = new Backfill(instance, ending, terminal).run(deliveries);
    terminal.say(
        "%,d objects: %,d up to date, %,d failed", listed.size(), result.done(), result.failed());
    return result.status();
  }

  private int reconcile(Composition parts, BucketPrefix wanted, ObjectStore objects, Ending ending)
      throws InterruptedException {
    OwnInstance instance = dryRun ? Instances.own(parts) : Instances.taking(parts, objects);
    Reconciliation found =
        new Reconciliation(
            wanted, objects, parts.comparison(instance.database(), objects), terminal);
    found.compare();
    int differences = found.missing().size() + found.gone().size();
    if (dryRun) {
      terminal.say(
          "to ingest: %,d, to delete: %,d; nothing was done",
          found.missing().size(), found.gone().size());
      return differences == 0 ? Exit.DONE : Exit.FAILED;
    }
    if (found.isSuspicious() && !allowEmpty) {
      terminal.say(
          "%s lists nothing, but there are %,d documents: none was deleted. If the bucket is empty"
              + " indeed, say --allow-empty.",
          wanted, found.gone().size());
      return Exit.FAILED;
    }
    List<Delivery> repairs = new ArrayList<>();
    found.gone().forEach(object -> repairs.add(gone(instance, found, object)));
    found.missing().forEach(object -> repairs.add(found(instance, object)));
    Backfill.Result result = new Backfill(instance, ending, terminal).run(repairs);
    terminal.say(
        "%,d differences: %,d mended, %,d not", differences, result.done(), result.failed());
    return result.status();
  }

  private static Delivery found(OwnInstance instance, ObjectAttributes object) {
    return new Delivery(object.object(), () -> instance.deliver(object));
  }

  private static Delivery gone(OwnInstance instance, Reconciliation found, ObjectId object) {
    // It was looked for once, to be told; much may have been listed since.
    return new Delivery(
        object, () -> found.isGone(object) ? instance.deliverGone(object) : new Delivered.Done());
  }
}
