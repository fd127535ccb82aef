package dev.ragprocessor.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ragprocessor.store.Claim;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.telemetry.Trail;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventWorkTest {
  private static final Trail TRAIL = Trail.of("1", "gs://b/n");
  private static final Claim CLAIM =
      new Claim(new UUID(0, 1), new ObjectId("b", "n", 1), 1, 10, "text/plain", 1, 1);

  @Test
  void an_outcome_reaches_who_waits_for_it() throws InterruptedException {
    EventWork work = EventWork.unclaimed(TRAIL);
    Thread.startVirtualThread(() -> work.conclude(Outcome.Deleted::new));

    assertThat(work.await(new Deadlines(), Duration.ofSeconds(10))).contains(new Outcome.Deleted());
  }

  @Test
  void a_budget_that_is_spent_is_an_answer_too() throws InterruptedException {
    EventWork work = EventWork.unclaimed(TRAIL);
    Deadlines deadlines = new Deadlines();
    try (Upkeep timing = Upkeep.start("deadlines", Deadlines.TICK, deadlines::look)) {
      assertThat(timing).isNotNull();
      assertThat(work.await(deadlines, Duration.ofMillis(50))).isEmpty();
    }
    assertThat(work.await(deadlines, Duration.ZERO)).isEmpty();
  }

  @Test
  void nobody_is_kept_from_waiting_longer_by_another_budget_that_is_spent() throws Exception {
    EventWork work = EventWork.unclaimed(TRAIL);
    Deadlines deadlines = new Deadlines();
    FutureTask<Optional<Outcome>> patient =
        new FutureTask<>(() -> work.await(deadlines, Duration.ofMinutes(1)));
    Thread.startVirtualThread(patient);
    try (Upkeep timing = Upkeep.start("deadlines", Deadlines.TICK, deadlines::look)) {
      assertThat(timing).isNotNull();
      assertThat(work.await(deadlines, Duration.ofMillis(50))).isEmpty();
      work.conclude(Outcome.Deleted::new);
      assertThat(patient.get()).contains(new Outcome.Deleted());
    }
  }

  @Test
  void what_has_ended_is_not_claimed() {
    EventWork work = EventWork.unclaimed(TRAIL);
    work.conclude(Outcome.Duplicate::new);

    Outcome outcome =
        work.endedOr(
            own -> {
              throw new AssertionError("claimed after the end");
            });

    assertThat(outcome).isEqualTo(new Outcome.Duplicate());
    assertThat(work.claim()).isEmpty();
  }

  @Test
  void a_conclusion_waits_for_a_claim_that_is_being_made_and_sees_it() throws InterruptedException {
    EventWork work = EventWork.unclaimed(TRAIL);
    CountDownLatch claiming = new CountDownLatch(1);
    AtomicReference<Optional<Claim>> seen = new AtomicReference<>(Optional.empty());
    Thread worker =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  await(claiming);
                  work.conclude(
                      () -> {
                        seen.set(work.claim());
                        return new Outcome.Deleted();
                      });
                });
    worker.start();

    work.endedOr(
        own -> {
          claiming.countDown();
          own.claimedAs(CLAIM);
          return new Outcome.Accepted(CLAIM.jobId());
        });
    worker.join();

    assertThat(seen.get()).contains(CLAIM);
  }

  @Test
  void the_first_conclusion_counts() {
    EventWork work = EventWork.unclaimed(TRAIL);
    work.conclude(Outcome.Deleted::new);

    assertThat(work.conclude(Outcome.Duplicate::new)).isEqualTo(new Outcome.Deleted());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
