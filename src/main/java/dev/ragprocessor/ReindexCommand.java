package dev.ragprocessor;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.ingest.Reindexing;
import dev.ragprocessor.store.ActiveSpace;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Goes over to another model of text. */
@Command(
    name = "reindex",
    mixinStandardHelpOptions = true,
    description = {
      "Go over to another model of text: make the vectors of every stored chunk with the configured"
          + " model, beside the running service, and then search with them. Nothing is fetched"
          + " from the bucket. It can be ended at any moment, and goes on where it was.",
      "",
      "The vectors of images, audio and video are made anew by reprocessing their documents."
    })
final class ReindexCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The new model, when it is not the one of the configuration (Gemini only).")
  @Nullable String model;

  @Option(
      names = "--dimensions",
      paramLabel = "N",
      description = "The length of its vectors, when it is not that of the configuration.")
  @Nullable Integer dimensions;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "At most so many texts a second; without it, as many as the model takes.")
  double rate = Double.POSITIVE_INFINITY;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Texts of one document that the model is given at once, 1 to 2000 (default:"
              + " ${DEFAULT-VALUE}).")
  int batch = 100;

  @Option(
      names = "--no-switch",
      description = "Only make the vectors; searches stay with the old model.")
  boolean fillOnly;

  @Option(
      names = "--without-refused",
      description = "Switch although the new model refuses some chunks, which are found no more.")
  boolean withoutRefused;

  @Option(
      names = "--remove-old",
      description =
          "Afterwards remove the vectors of former models; no replica may be left that uses them.")
  boolean removeOld;

  ReindexCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = configuration();
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      DatabaseEndpoint endpoint = parts.endpoint();
      parts.migrate(endpoint);
      Database database = parts.database(endpoint);
      TextEmbedder embedder = parts.embedder();
      ModelChange change = new ModelChange(configuration, parts, endpoint, database, terminal);
      ActiveSpace space = change.prepare(embedder.space());
      Reindexing reindexing = new Reindexing(database, embedder, space, batch, rate);
      ending.closables().add(reindexing::close);
      int status = change.run(reindexing, space, goal());
      reindexing.refused().entrySet().stream()
          .limit(SHOWN)
          .forEach(chunk -> terminal.say("chunk %s: %s", chunk.getKey(), chunk.getValue()));
      return status;
    }
  }

  private ModelChange.Goal goal() {
    if (fillOnly && (removeOld || withoutRefused)) {
      throw new ConfigurationException(
          List.of("--no-switch goes with neither --remove-old nor --without-refused"));
    }
    return fillOnly
        ? ModelChange.Goal.FILLED
        : new ModelChange.Goal(true, withoutRefused, removeOld);
  }

  private Configuration configuration() {
    if (batch < 1 || batch > 2_000 || !(rate > 0)) {
      throw new ConfigurationException(
          List.of("--batch must be 1 to 2000, and --rate more than 0 texts a second"));
    }
    // Few connections: the running service needs its own. And its log would stand between the
    // lines of progress.
    Map<String, String> presets =
        Map.of(Settings.DATABASE_POOL_SIZE.key(), "3", Settings.LOG_LEVEL.key(), "warn");
    Configuration given = options.read(terminal.environment(), presets);
    Settings.EmbedderKind kind = given.get(Settings.EMBEDDER_KIND);
    if (model != null) {
      if (kind != Settings.EmbedderKind.GEMINI) {
        throw new ConfigurationException(
            List.of("--model is for embedder.kind = gemini; the others have one model each"));
      }
      options.values.put(Settings.GEMINI_MODEL.key(), model);
    }
    if (dimensions != null) {
      switch (kind) {
        case GEMINI -> options.values.put(Settings.GEMINI_DIMENSIONS.key(), "" + dimensions);
        case STUB -> options.values.put(Settings.STUB_DIMENSIONS.key(), "" + dimensions);
        case LOCAL ->
            throw new ConfigurationException(
                List.of("--dimensions: the local model has always the same"));
      }
    }
    return options.read(terminal.environment(), presets);
  }
}
