package dev.ragprocessor;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.embed.MediaEmbedder;
import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.ingest.Reindexing;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.SpaceKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Goes over to another model of texts or of media. */
@Command(
    name = "reindex",
    mixinStandardHelpOptions = true,
    description = {
      "Go over to another model: make the vectors of all that is stored with the configured model,"
          + " beside the running service, and then search with them. It can be ended at any moment,"
          + " and goes on where it was.",
      "",
      "Vectors of texts are made from the text that is stored, and nothing is fetched from the"
          + " bucket. With --kind multimodal it is the model of images, audio and video, each of"
          + " which is read in its bucket again; their text stays as it is."
    })
final class ReindexCommand implements Callable<Integer> {
  private static final int SHOWN = 20;
  private static final int BATCH = 100;

  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "The model of what: text, or multimodal for media (default: text).")
  SpaceKind kind = SpaceKind.TEXT;

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
      description = "At most so many vectors a second; without it, as many as the model takes.")
  double rate = Double.POSITIVE_INFINITY;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Texts of one document that the model is given at once, 1 to 2000 (default: 100).")
  @Nullable Integer batch;

  @Option(
      names = "--no-switch",
      description = "Only make the vectors; searches stay with the old model.")
  boolean fillOnly;

  @Option(
      names = "--without-refused",
      description =
          "Switch although the new model refuses some chunks: texts are found no more then, media"
              + " by their text only.")
  boolean withoutRefused;

  @Option(
      names = "--remove-old",
      description =
          "Afterwards remove the vectors of former models; no replica may be left that uses them.")
  boolean removeOld;

  private ReindexCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new ReindexCommand(terminal)).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = configuration();
    try (Ending ending = Ending.onSignal()) {
      Composition parts = new Composition(configuration, terminal, ending.closables());
      DatabaseEndpoint endpoint = parts.endpoint();
      parts.migrate(endpoint);
      Database database = parts.database(endpoint);
      ModelChange change =
          new ModelChange(configuration, parts, endpoint, database, kind, terminal);
      return switch (kind) {
        case TEXT -> {
          TextEmbedder embedder = parts.embedder();
          ActiveSpace space = change.prepare(embedder.space());
          yield run(
              change,
              Reindexing.ofTexts(database, embedder, space, batch == null ? BATCH : batch, rate),
              space,
              ending);
        }
        case MULTIMODAL -> {
          MediaEmbedder embedder = parts.requiredMediaEmbedder();
          ActiveSpace space = change.prepare(embedder.space());
          yield run(
              change,
              Reindexing.ofMedia(
                  database, embedder, space, parts.mediaReader(), parts.objects(), rate),
              space,
              ending);
        }
      };
    }
  }

  private int run(ModelChange change, Reindexing<?> reindexing, ActiveSpace space, Ending ending)
      throws InterruptedException {
    ending.closables().add(reindexing::close);
    int status = change.run(reindexing, space, goal());
    Stream.of(reindexing.refused(), reindexing.outdated())
        .flatMap(chunks -> chunks.entrySet().stream().limit(SHOWN))
        .forEach(chunk -> terminal.say("chunk %s: %s", chunk.getKey(), chunk.getValue()));
    return status;
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
    if ((batch != null && (batch < 1 || batch > 2_000)) || !(rate > 0)) {
      throw new ConfigurationException(
          List.of("--batch must be 1 to 2000, and --rate more than 0 vectors a second"));
    }
    if (batch != null && kind == SpaceKind.MULTIMODAL) {
      throw new ConfigurationException(List.of("--batch is for texts"));
    }
    // Few connections: the running service needs its own. And its log would stand between the
    // lines of progress.
    Map<String, String> presets =
        Map.of(Settings.DATABASE_POOL_SIZE.key(), "3", Settings.LOG_LEVEL.key(), "warn");
    switch (kind) {
      case TEXT -> chooseTextModel(options.read(terminal.environment(), presets));
      case MULTIMODAL -> chooseMediaModel();
    }
    return options.read(terminal.environment(), presets);
  }

  private void chooseMediaModel() {
    if (model != null) {
      options.values.put(Settings.MULTIMODAL_MODEL.key(), model);
    }
    if (dimensions != null) {
      options.values.put(Settings.MULTIMODAL_DIMENSIONS.key(), "" + dimensions);
    }
  }

  private void chooseTextModel(Configuration given) {
    Settings.EmbedderKind embedder = given.get(Settings.EMBEDDER_KIND);
    if (model != null) {
      if (embedder != Settings.EmbedderKind.GEMINI) {
        throw new ConfigurationException(
            List.of("--model is for embedder.kind = gemini; the others have one model each"));
      }
      options.values.put(Settings.GEMINI_MODEL.key(), model);
    }
    if (dimensions != null) {
      switch (embedder) {
        case GEMINI -> options.values.put(Settings.GEMINI_DIMENSIONS.key(), "" + dimensions);
        case STUB -> options.values.put(Settings.STUB_DIMENSIONS.key(), "" + dimensions);
        case LOCAL ->
            throw new ConfigurationException(
                List.of("--dimensions: the local model has always the same"));
      }
    }
  }
}
