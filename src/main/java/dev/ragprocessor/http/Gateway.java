package dev.ragprocessor.http;

import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.ingest.Operator;
import dev.ragprocessor.ingest.Outcome;
import dev.ragprocessor.search.Search;
import dev.ragprocessor.telemetry.recording.Recordings;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The server: one port for deliveries and the API, another for health and metrics, which goes on
 * answering until the last request of the first is answered.
 *
 * <p>Closing turns unready, takes deliveries for the {@link HttpLimits#drainDelay} all the same,
 * then stops accepting, waits for running requests as long as {@link HttpLimits#shutdownGrace}, and
 * interrupts what is still waiting then: a delivery's event runs on a thread of its own, which that
 * does not touch. Safe for any number of threads.
 */
public final class Gateway implements AutoCloseable {
  /** Helidon's own idle check ignores what a connection is at; the wire's replaces it. */
  private static final Duration NEVER = Duration.ofDays(365);

  private final AtomicBoolean leaving = new AtomicBoolean();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final Connections connections;
  private final Connections adminConnections;
  private final HttpSettings settings;
  private final WebServer server;
  private final WebServer admin;

  /**
   * @param deliveries what is done with an event; blocks for no longer than an answer may take
   * @param database where jobs and documents are looked up and changed
   * @param search what answers questions
   * @param page what the page shows and offers beyond that
   * @param health what the probes ask; that this process is ending makes it unready by itself
   * @param metrics what {@code /metrics} shows; the server adds its own
   * @param recordings what {@code /recording} starts and stops
   */
  public Gateway(
      HttpSettings settings,
      Function<StorageEvent, Outcome> deliveries,
      Scopes database,
      Search search,
      PageSources page,
      Health health,
      PrometheusMeterRegistry metrics,
      Recordings recordings) {
    this(
        settings,
        deliveries,
        health,
        metrics,
        recordings,
        api(settings, database, search, page, metrics));
  }

  /** The same with other routes, before those for deliveries. */
  Gateway(
      HttpSettings settings,
      Function<StorageEvent, Outcome> deliveries,
      Health health,
      PrometheusMeterRegistry metrics,
      Recordings recordings,
      HttpService... services) {
    this.settings = settings;
    HttpLimits limits = settings.limits();
    DeliveryLoad load = new DeliveryLoad(limits.maxDeliveries(), limits.maxDeliveryBytes());
    HttpRouting.Builder routing = routing().addFilter(new RequestMetrics(metrics));
    routing.register(services);
    routing.register(
        new DeliveryRoutes(
            Admission.forDeliveries(settings.deliveries()),
            load,
            limits.maxBodyBytes(),
            draining::get,
            new EventMetrics(metrics),
            deliveries));
    AcceptedSockets sockets = new AcceptedSockets(limits.headerTime());
    this.connections = new Connections(limits, sockets);
    this.server = server(settings, settings.port(), connections, sockets, routing);
    AcceptedSockets adminSockets = new AcceptedSockets(limits.headerTime());
    this.adminConnections = new Connections(limits, adminSockets);
    this.admin =
        server(
            settings,
            settings.adminPort(),
            adminConnections,
            adminSockets,
            routing()
                .register(
                    new AdminRoutes(health, leaving::get, metrics),
                    new RecordingRoutes(Admission.forRecordings(settings), recordings)));
    measure(metrics, load);
  }

  /** Promises how many sockets were accepted that no connection has been made of. */
  int unclaimedSockets() {
    return connections.unclaimed();
  }

  /** What changes things comes first: it knows methods that the others refuse. */
  private static HttpService[] api(
      HttpSettings settings,
      Scopes database,
      Search search,
      PageSources page,
      PrometheusMeterRegistry metrics) {
    Admission admission = Admission.forApi(settings);
    int maxBody = settings.limits().maxBodyBytes();
    List<HttpService> services =
        new ArrayList<>(
            List.of(
                new PageRoutes(),
                new LiveRoutes(admission, page, database, metrics),
                new OperatorRoutes(admission, new Operator(database)),
                new ChunkRoutes(admission, database),
                new ApiRoutes(admission, maxBody, database, search)));
    if (page.uploads() != null) {
      services.add(new BucketRoutes(admission, page.uploads()));
    }
    return services.toArray(HttpService[]::new);
  }

  private static HttpRouting.Builder routing() {
    HttpRouting.Builder routing = HttpRouting.builder().addFilter(new ConnectionRules());
    Problems.inRoutes(routing);
    return routing;
  }

  private static WebServer server(
      HttpSettings settings,
      int port,
      Connections connections,
      AcceptedSockets sockets,
      HttpRouting.Builder routing) {
    HttpLimits limits = settings.limits();
    return WebServer.builder()
        .host(settings.host())
        .port(port)
        .backlog(limits.maxConnections())
        .maxTcpConnections(limits.maxConnections())
        .connectionOptions(sockets)
        .protocolsDiscoverServices(false)
        .addConnectionSelector(connections)
        .idleConnectionTimeout(NEVER)
        .shutdownGracePeriod(limits.shutdownGrace())
        .shutdownHook(false)
        .directHandlers(Problems.beforeRouting())
        .addRouting(routing)
        .build();
  }

  private void measure(PrometheusMeterRegistry metrics, DeliveryLoad load) {
    Gauge.builder("rag.http.connections", connections, Connections::open)
        .description("Open connections on the main port")
        .register(metrics);
    Gauge.builder("rag.http.deliveries", load, DeliveryLoad::deliveries)
        .description("Deliveries being read or answered")
        .register(metrics);
    Gauge.builder("rag.http.delivery.bytes", load, DeliveryLoad::bytes)
        .description("Bytes reserved for the bodies of those deliveries")
        .baseUnit("bytes")
        .register(metrics);
  }

  /**
   * Starts to listen.
   *
   * @throws PortUnavailableException when a port is taken
   */
  public void start() {
    requireFree(settings.port(), "server.port (PORT)");
    requireFree(settings.adminPort(), "server.admin-port");
    start(admin, settings.adminPort(), "server.admin-port");
    try {
      start(server, settings.port(), "server.port (PORT)");
    } catch (RuntimeException failure) {
      admin.stop();
      throw failure;
    }
  }

  // Helidon 4.1.7 only logs, at length, that it could not listen: ask before, and look afterwards.
  private void requireFree(int port, String setting) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(settings.host(), port));
    } catch (IOException e) {
      throw new PortUnavailableException(settings.host(), port, setting, e);
    }
  }

  private void start(WebServer listener, int port, String setting) {
    listener.start();
    if (!listener.isRunning()) {
      throw new PortUnavailableException(settings.host(), port, setting, null);
    }
  }

  /** Promises the port for deliveries and the API, once started. */
  public int port() {
    return server.port();
  }

  /** Promises the port for health and metrics, once started. */
  public int adminPort() {
    return admin.port();
  }

  /**
   * Turns unready, while everything goes on, deliveries too: whoever sends callers to ready
   * processes only gets time to notice. Every answer is its connection's last, so that those who
   * keep connections come back elsewhere as well.
   */
  public void leave() {
    leaving.set(true);
    connections.lastAnswers();
  }

  /** As {@link #leave}, and refuses further deliveries with 503. */
  public void drain() {
    leave();
    draining.set(true);
    connections.end();
  }

  @Override
  public void close() {
    leave();
    awaitNotice();
    drain();
    server.stop();
    connections.close();
    adminConnections.end();
    admin.stop();
    adminConnections.close();
  }

  private void awaitNotice() {
    try {
      Thread.sleep(settings.limits().drainDelay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
