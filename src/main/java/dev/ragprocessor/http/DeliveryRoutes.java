package dev.ragprocessor.http;

import dev.ragprocessor.cloudevents.CloudEventReader;
import dev.ragprocessor.cloudevents.MalformedEventException;
import dev.ragprocessor.cloudevents.Received;
import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.cloudevents.UnsupportedMediaException;
import dev.ragprocessor.ingest.Outcome;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * Takes events: {@code POST /} (Eventarc's default path) and {@code POST /events}. A query string
 * is neither read nor logged: Google's frontends add one, and others may put a token there.
 *
 * <p>A delivery is bounded, then its sender is authenticated, then it is read; only then is any
 * work done for it.
 */
final class DeliveryRoutes implements HttpService {
  private static final Duration RETRY_WHEN_DRAINED = Duration.ofSeconds(10);
  private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");

  private final Admission admission;
  private final DeliveryLoad load;
  private final int maxBody;
  private final BooleanSupplier draining;
  private final CloudEventReader reader = new CloudEventReader();
  private final DeliveredEvents events;
  // The names that the reader asks for, which are few; making one means looking at each letter.
  private final Map<String, HeaderName> names = new ConcurrentHashMap<>();

  DeliveryRoutes(
      Admission admission,
      DeliveryLoad load,
      int maxBody,
      BooleanSupplier draining,
      EventMetrics metrics,
      Function<StorageEvent, Outcome> deliveries) {
    this.admission = admission;
    this.load = load;
    this.maxBody = maxBody;
    this.draining = draining;
    this.events =
        new DeliveredEvents(
            deliveries,
            new Alarm(
                LoggerFactory.getLogger(DeliveryRoutes.class),
                Duration.ofMinutes(1),
                InstantSource.system()),
            metrics);
  }

  @Override
  public void routing(HttpRules rules) {
    for (String path : List.of("/", "/events")) {
      rules.post(path, this::deliver).any(path, DeliveryRoutes::refuseMethod);
    }
  }

  private static void refuseMethod(ServerRequest request, ServerResponse response) {
    throw Refusal.with(
        Status.METHOD_NOT_ALLOWED_405, "Events are delivered by POST", "Allow", "POST");
  }

  private void deliver(ServerRequest request, ServerResponse response) {
    if (draining.getAsBoolean()) {
      throw Refusal.later(
          Status.SERVICE_UNAVAILABLE_503, "This process is ending", RETRY_WHEN_DRAINED);
    }
    List<Verdict> verdicts;
    try (DeliveryLoad.Share _ = load.take(RequestBody.expected(request, maxBody))) {
      admission.admit(request);
      verdicts = events.deliver(read(request), traceparent(request));
    }
    answer(request, response, verdicts);
  }

  private static String traceparent(ServerRequest request) {
    List<String> values = request.headers().all(TRACEPARENT, List::of);
    return values.size() == 1 ? values.getFirst() : "";
  }

  private List<Received> read(ServerRequest request) {
    byte[] body = RequestBody.read(request, maxBody);
    Headers headers = request.headers();
    try {
      return reader.read(name -> headers.all(headerName(name), List::of), body);
    } catch (MalformedEventException malformed) {
      throw Refusal.at(Status.BAD_REQUEST_400, malformed.attribute(), malformed.detail());
    } catch (UnsupportedMediaException unsupported) {
      throw Refusal.at(Status.UNSUPPORTED_MEDIA_TYPE_415, "datacontenttype", unsupported.detail());
    }
  }

  private HeaderName headerName(String name) {
    return names.computeIfAbsent(name, HeaderNames::create);
  }

  private static void answer(
      ServerRequest request, ServerResponse response, List<Verdict> verdicts) {
    Verdict worst = DeliveredEvents.worst(verdicts);
    if (worst.answer().status().family() == Status.Family.SUCCESSFUL) {
      Answers.empty(request, response, worst.answer().status());
      return;
    }
    if (worst.retryAfter().isPositive()) {
      response.header(HeaderNames.RETRY_AFTER, Refusal.seconds(worst.retryAfter()));
    }
    Answers.problem(request, response, DeliveredEvents.problem(verdicts));
  }
}
