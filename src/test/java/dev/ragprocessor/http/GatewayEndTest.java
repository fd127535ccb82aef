package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.cloudevents.StorageEvent;
import dev.ragprocessor.ingest.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server ends within its grace and a little, whatever its requests are at. */
@Timeout(30)
class GatewayEndTest {
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration LATEST = GRACE.multipliedBy(2).plusSeconds(3);

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicBoolean interrupted = new AtomicBoolean();

  @Test
  void a_request_that_waits_past_the_grace_is_interrupted_and_its_client_let_go()
      throws IOException, InterruptedException {
    try (RunningGateway server = serving(this::waitForEver);
        RawClient client = delivering(server)) {
      Duration took = close(server);
      assertThat(took).isBetween(GRACE, LATEST);
      assertThat(interrupted).isTrue();
      assertThat(client.readAll()).doesNotContain("HTTP/1.1 2");
    }
  }

  @Test
  void a_request_that_nothing_interrupts_does_not_keep_the_server_from_ending()
      throws IOException, InterruptedException {
    try (RunningGateway server = serving(this::ignoreInterrupts);
        RawClient client = delivering(server)) {
      assertThat(close(server)).isLessThan(LATEST);
      assertThat(client.drain()).isZero();
      never.countDown();
    }
  }

  @Test
  void half_a_request_does_not_keep_the_server_from_ending() throws IOException {
    try (RunningGateway server = serving(this::waitForEver);
        RawClient client = server.raw()) {
      client.lines(RawClient.EVENT_HEADERS + "Content-Length: 1000\n\n").bytes("{");
      assertThat(close(server)).isLessThan(LATEST);
    }
  }

  private RunningGateway serving(Function<StorageEvent, Outcome> deliveries) {
    HttpLimits usual = RunningGateway.LIMITS;
    HttpLimits shortGrace =
        new HttpLimits(
            usual.maxConnections(),
            usual.headerTime(),
            Duration.ofSeconds(20),
            usual.idleTime(),
            usual.writeTime(),
            usual.maxHeaderBytes(),
            usual.maxBodyBytes(),
            usual.maxDeliveries(),
            usual.maxDeliveryBytes(),
            usual.drainDelay(),
            GRACE);
    return RunningGateway.with(
        RunningGateway.settings(new Authentication.LoopbackOnly(), shortGrace),
        deliveries,
        RunningGateway.noChecks());
  }

  private RawClient delivering(RunningGateway server) throws IOException, InterruptedException {
    RawClient client =
        server
            .raw()
            .lines(RawClient.EVENT_HEADERS + "Content-Length: " + RawClient.BODY.length() + "\n\n")
            .bytes(RawClient.BODY);
    assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();
    return client;
  }

  private static Duration close(RunningGateway server) {
    long begun = System.nanoTime();
    server.gateway().close();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private Outcome waitForEver(StorageEvent event) {
    inside.countDown();
    try {
      never.await();
    } catch (InterruptedException e) {
      interrupted.set(true);
      Thread.currentThread().interrupt();
    }
    return new Outcome.NotTaken(
        new dev.ragprocessor.ingest.Failure.Retryable("shutting down", Duration.ofSeconds(1)));
  }

  private Outcome ignoreInterrupts(StorageEvent event) {
    inside.countDown();
    boolean released = false;
    while (!released) {
      try {
        never.await();
        released = true;
      } catch (InterruptedException e) {
        interrupted.set(true);
      }
    }
    return new Outcome.Deleted();
  }
}
