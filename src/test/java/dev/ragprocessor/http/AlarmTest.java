package dev.ragprocessor.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ragprocessor.ingest.Failure;
import dev.ragprocessor.ingest.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A wrong deployment is told once in a while, not once for every event. */
class AlarmTest {
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(DeliveryRoutes.class);
  private final Alarm alarm = new Alarm(log, SILENCE, now::get);

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
    log.setAdditive(false);
  }

  @AfterEach
  void leave() {
    log.detachAppender(lines);
    log.setAdditive(true);
  }

  @Test
  void the_first_is_an_error_and_the_next_tells_how_many_were_not_said() {
    alarm.raise("no column");
    alarm.raise("no column");
    now.set(now.get().plus(SILENCE).minusNanos(1));
    alarm.raise("no column");
    assertThat(said()).singleElement().asString().contains("no column", "0 more");
    now.set(now.get().plusNanos(1));
    alarm.raise("no grant");
    assertThat(said()).last().asString().contains("no grant", "2 more");
  }

  @Test
  void many_at_once_are_one_line() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Boolean>> raised = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < 100; thread++) {
        raised.add(
            threads.submit(
                () -> {
                  go.await();
                  alarm.raise("no column");
                  return true;
                }));
      }
      go.countDown();
    }
    assertThat(raised).allMatch(each -> each.state() == Future.State.SUCCESS);
    assertThat(said()).hasSize(1);
  }

  @Test
  void a_hundred_deliveries_to_a_wrong_deployment_are_answered_503_and_logged_once() {
    try (RunningGateway server =
        RunningGateway.with(
            _ -> new Outcome.NotTaken(new Failure.Misconfigured("column x does not exist")))) {
      for (int delivery = 0; delivery < 100; delivery++) {
        assertThat(server.send(server.event("finalized")).statusCode()).isEqualTo(503);
      }
    }
    assertThat(said()).singleElement().asString().contains("column x does not exist");
  }

  private List<String> said() {
    assertThat(lines.list).allMatch(line -> line.getLevel() == Level.ERROR);
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
