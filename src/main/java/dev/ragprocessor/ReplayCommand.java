package dev.ragprocessor;

import dev.ragprocessor.bucket.PubSubCredentials;
import dev.ragprocessor.bucket.Subscription;
import dev.ragprocessor.bucket.SubscriptionName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Feeds messages back that could not be delivered. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Deliver a dead-letter subscription's messages to the service again, until there are none."
          + " Only what the service takes is acknowledged; what it calls malformed is told and"
          + " left.",
      "",
      "A file has one message a line, in JSON: as a pull or a push has it, or a CloudEvent."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final String EMULATOR = "PUBSUB_EMULATOR_HOST";

  private final Terminal terminal;
  @Mixin ConfigurationOptions options = new ConfigurationOptions();
  @Mixin TokenOption tokens = new TokenOption();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "projects/P/subscriptions/S|FILE",
      description = "A pull subscription of the dead-letter topic, or a file of messages.")
  String source = "";

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      description = "Most messages, at least 1 (default: all).")
  long limit = Long.MAX_VALUE;

  @Option(
      names = "--discard",
      description = "Acknowledge malformed messages too, so that they never come again.")
  boolean discard;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The service's address (default: the one of server.host and server.port).")
  @Nullable URI url;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      converter = Wait.class,
      defaultValue = "5 s",
      description =
          "How long a subscription must bring nothing to count as empty; twice"
              + " (default: ${DEFAULT-VALUE}).")
  Duration wait = Duration.ofSeconds(5);

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "Another Pub/Sub than Google's, asked without credentials (or: " + EMULATOR + ").")
  @Nullable String endpoint;

  ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be at least 1: " + limit);
    }
    Configuration configuration = options.read(terminal.environment());
    URI address = url == null ? new RoomSettings(configuration).address() : url;
    try (Ending ending = Ending.onSignal();
        ServiceDoor door = new ServiceDoor(address, tokens.token());
        DeadLetters letters = letters()) {
      Replay.Malformed malformed = discard ? Replay.Malformed.DISCARDED : Replay.Malformed.LEFT;
      return new Replay(letters, door, malformed, ending, terminal).run(limit);
    }
  }

  private DeadLetters letters() {
    if (!SubscriptionName.looksLike(source)) {
      return new FileLetters(Path.of(source));
    }
    SubscriptionName name;
    try {
      name = SubscriptionName.of(source);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "The subscription " + e.getMessage(), e);
    }
    String other = endpoint == null ? terminal.environment().get(EMULATOR) : endpoint;
    Subscription subscription =
        other == null || other.isBlank()
            ? new Subscription(name, Subscription.GOOGLE, PubSubCredentials.applicationDefault())
            : new Subscription(name, uri(other), PubSubCredentials.none());
    return new SubscriptionLetters(subscription, wait);
  }

  /** Emulators are told as {@code host:port}, which means plain HTTP. */
  private static URI uri(String address) {
    return URI.create(address.contains("://") ? address : "http://" + address);
  }

  /** Reads a duration with its unit. */
  static final class Wait implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      Duration wait;
      try {
        wait = Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'%s' is no duration such as 5 s".formatted(text));
      }
      if (!wait.isPositive()) {
        throw new TypeConversionException("must be longer than nothing: " + text);
      }
      return wait;
    }
  }
}
