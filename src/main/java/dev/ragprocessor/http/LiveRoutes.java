package dev.ragprocessor.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.TenantId;
import dev.ragprocessor.store.Totals;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the service is doing: {@code GET /status} once, {@code GET /live} as server-sent events until
 * the client goes, and {@code GET /tenants} for callers who may name one.
 *
 * <p>One thread reads the numbers and one the jobs, each once a second for all who look, and each
 * client's own thread writes what is newest: a slow client misses some and keeps nobody up, and one
 * that takes nothing loses its connection. A stream ends after a quarter of an hour, so that
 * whoever opened it shows once more who they are, and as soon as the server ends.
 */
final class LiveRoutes implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);
  private static final int MAX_CLIENTS = 32;
  private static final int MAX_TENANTS = 100;
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration LOOK_AROUND = Duration.ofMillis(200);
  private static final Duration MAX_AGE = Duration.ofMinutes(15);
  private static final Duration RETRY_SOON = Duration.ofSeconds(5);

  private final Admission admission;
  private final PageSources sources;
  private final Scopes database;
  private final LiveNumbers numbers;
  private final LiveJobs jobs;
  private final Pulse pulse = new Pulse();
  private final Semaphore places = new Semaphore(MAX_CLIENTS);
  private final ScheduledThreadPoolExecutor sampling =
      new ScheduledThreadPoolExecutor(2, Thread.ofPlatform().daemon().name("live-", 0).factory());

  LiveRoutes(Admission admission, PageSources sources, Scopes database, MeterRegistry meters) {
    this.admission = admission;
    this.sources = sources;
    this.database = database;
    InstantSource clock = InstantSource.system();
    this.numbers =
        new LiveNumbers(() -> LiveSample.of(clock.instant(), sources.pool().get(), meters));
    this.jobs = new LiveJobs(database);
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/live", this::live).get("/status", this::status).get("/tenants", this::tenants);
    for (String path : List.of("/live", "/status", "/tenants")) {
      rules.any(
          path,
          (_, _) -> {
            throw Refusal.with(
                Status.METHOD_NOT_ALLOWED_405, "This is asked for by GET", "Allow", "GET");
          });
    }
  }

  @Override
  public void beforeStart() {
    // Half a turn apart, so that the numbers do not show our own reading of the jobs.
    everyTurn(Duration.ZERO, numbers::sample);
    everyTurn(INTERVAL.dividedBy(2), jobs::read);
  }

  private void everyTurn(Duration offset, Runnable reading) {
    ScheduledFuture<?> _ =
        sampling.scheduleAtFixedRate(
            () -> {
              try {
                reading.run();
              } catch (RuntimeException bug) {
                // The edge of the sampler's turn: the executor would take no further one.
                LOG.error("The service's state could not be read", bug);
              }
              pulse.beat();
            },
            offset.toMillis(),
            INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void afterStop() {
    sampling.shutdownNow();
  }

  private void status(ServerRequest request, ServerResponse response) {
    ObjectNode json =
        ApiJson.of(numbers.newest())
            .put("version", sources.version())
            .put("uploads", sources.uploads() != null);
    switch (admission.admit(request)) {
      case Caller.Anyone() ->
          json.put("tenant", sources.tenant().toString()).put("tenantIsFixed", false);
      case Caller.Known _ -> json.put("tenantIsFixed", false);
      case Caller.Member(String _, TenantId own) ->
          json.put("tenant", own.toString()).put("tenantIsFixed", true);
    }
    answer(request, response, json);
  }

  private void tenants(ServerRequest request, ServerResponse response) {
    List<TenantId> tenants =
        switch (admission.admit(request)) {
          case Caller.Anyone() ->
              database.execute("api.tenants", db -> Totals.tenants(db, MAX_TENANTS));
          case Caller.Known _ -> List.of();
          case Caller.Member(String _, TenantId own) -> List.of(own);
        };
    answer(
        request,
        response,
        ApiJson.list("tenants", tenants, tenant -> ApiJson.identified(tenant.toString())));
  }

  private static void answer(ServerRequest request, ServerResponse response, ObjectNode json) {
    Answers.content(request, response, Status.OK_200, ApiJson.MEDIA_TYPE, ApiJson.bytes(json));
  }

  private void live(ServerRequest request, ServerResponse response) {
    ForeignPages.refuse(request);
    TenantId tenant = Parameters.tenant(admission.admit(request), request);
    if (BoundedConnection.current().isEnding()) {
      throw Refusal.later(Status.SERVICE_UNAVAILABLE_503, "This process is ending", RETRY_SOON);
    }
    if (!places.tryAcquire()) {
      throw Refusal.later(
          Status.TOO_MANY_REQUESTS_429,
          "%d clients look at the service already".formatted(MAX_CLIENTS),
          RETRY_SOON);
    }
    try (LiveJobs.Look look = jobs.look(tenant);
        OutputStream stream = Answers.stream(request, response, "text/event-stream")) {
      follow(look, stream);
    } catch (IOException | UncheckedIOException gone) {
      throw new ServerConnectionException("The client went", gone);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    } finally {
      places.release();
    }
  }

  private void follow(LiveJobs.Look look, OutputStream stream) throws InterruptedException {
    BoundedConnection connection = BoundedConnection.current();
    connection.write(stream, ApiJson.event("history", ApiJson.history(numbers.history())));
    long begun = System.nanoTime();
    long seen = 0;
    byte[] shown = {};
    LiveSample written = numbers.newest();
    while (!connection.isEnding() && System.nanoTime() - begun < MAX_AGE.toNanos()) {
      seen = pulse.await(seen, LOOK_AROUND);
      LiveSample newest = numbers.newest();
      if (newest.at().isAfter(written.at())) {
        written = newest;
        connection.write(stream, ApiJson.event("numbers", ApiJson.of(newest)));
      }
      byte[] jobsNow = look.newest();
      if (!Arrays.equals(jobsNow, shown)) {
        shown = jobsNow;
        connection.write(stream, jobsNow);
      }
    }
  }
}
