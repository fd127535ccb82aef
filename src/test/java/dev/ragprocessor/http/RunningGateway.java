package dev.ragprocessor.http;

import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.db.PoolState;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.telemetry.recording.RecordingSettings;
import dev.ragprocessor.telemetry.recording.Recordings;
import io.helidon.webserver.http.HttpService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A gateway on free ports, with what a test wants of it. */
final class RunningGateway implements AutoCloseable {
  static final Duration PART = Duration.ofMillis(400);

  /** As in production but for the times, which a test waits for. */
  static final HttpLimits LIMITS =
      new HttpLimits(
          64,
          PART,
          PART,
          Duration.ofSeconds(2),
          PART,
          16 * 1024,
          64 * 1024,
          8,
          128 * 1024,
          Duration.ZERO,
          Duration.ofSeconds(5));

  static final String EVENT =
      """
      {"bucket":"b","name":"docs/Helvétios.pdf","generation":"1666190425669022",
       "metageneration":"1","size":"1234"}
      """;

  private static final String STORAGE = "google.cloud.storage.object.v1.";

  private final Gateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningGateway(Gateway gateway) {
    this.gateway = gateway;
  }

  static RunningGateway with(Function<StorageEvent, Outcome> deliveries) {
    return with(settings(new Authentication.LoopbackOnly()), deliveries, noChecks());
  }

  static RunningGateway with(
      HttpSettings settings, Function<StorageEvent, Outcome> deliveries, Health health) {
    Gateway gateway =
        new Gateway(
            settings,
            deliveries,
            health,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            new Recordings(RecordingSettings.DEFAULT));
    gateway.start();
    return new RunningGateway(gateway);
  }

  static RunningGateway with(
      HttpSettings settings, Function<StorageEvent, Outcome> deliveries, HttpService... services) {
    Gateway gateway =
        new Gateway(
            settings,
            deliveries,
            noChecks(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            new Recordings(RecordingSettings.DEFAULT),
            services);
    gateway.start();
    return new RunningGateway(gateway);
  }

  static RunningGateway with(
      HttpSettings settings,
      Function<StorageEvent, Outcome> deliveries,
      Scopes database,
      Search search) {
    return with(settings, deliveries, database, search, page(null));
  }

  static RunningGateway with(
      HttpSettings settings,
      Function<StorageEvent, Outcome> deliveries,
      Scopes database,
      Search search,
      PageSources page) {
    Gateway gateway =
        new Gateway(
            settings,
            deliveries,
            database,
            search,
            page,
            noChecks(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            new Recordings(RecordingSettings.DEFAULT));
    gateway.start();
    return new RunningGateway(gateway);
  }

  static HttpSettings settings(Authentication deliveries) {
    return settings(deliveries, LIMITS);
  }

  static HttpSettings settings(Authentication deliveries, HttpLimits limits) {
    return new HttpSettings(
        "127.0.0.1", 0, 0, limits, deliveries, new Authentication.LoopbackOnly());
  }

  /** A page of a pool at rest. */
  static PageSources page(PageSources.@Nullable Uploads uploads) {
    return new PageSources(
        "test", new TenantId(new UUID(0, 1)), () -> new PoolState(8, 8, 8, 0, 0, 2, 2), uploads);
  }

  static Health noChecks() {
    return new Health(List.of(), List.of(), List.of());
  }

  Gateway gateway() {
    return gateway;
  }

  RawClient raw() throws IOException {
    return new RawClient(gateway.port());
  }

  /** A request with the headers of a binary storage event of that type. */
  HttpRequest.Builder event(String type) {
    return event(type, "application/json", EVENT);
  }

  /** The same with another body; a content type of CloudEvents makes the mode a structured one. */
  HttpRequest.Builder event(String type, String contentType, String body) {
    return request("/")
        .header("ce-specversion", "1.0")
        .header("ce-id", "1")
        .header("ce-source", "//storage.googleapis.com/projects/_/buckets/b")
        .header("ce-type", STORAGE + type)
        .header("content-type", contentType)
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + pathAndQuery))
        .timeout(Duration.ofSeconds(10));
  }

  HttpRequest.Builder adminRequest(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.adminPort() + path))
        .timeout(Duration.ofSeconds(10));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    client.close();
    gateway.close();
  }
}
