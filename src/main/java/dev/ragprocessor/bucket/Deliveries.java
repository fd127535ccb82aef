package dev.ragprocessor.bucket;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Tells the door what it does not know yet, at least once, until it accepts. What waits is an
 * object, not an event: whatever became of it meanwhile is told when its turn comes, so that the
 * queue never holds more than there are objects. A few virtual threads deliver; one object is never
 * delivered by two of them.
 */
final class Deliveries implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Deliveries.class.getName());

  private final Generations generations;
  private final WatcherSettings settings;
  private final Door door;
  private final DelayQueue<Due> queue = new DelayQueue<>();
  private final Set<ObjectKey> waiting = ConcurrentHashMap.newKeySet();
  private final Set<ObjectKey> underWay = ConcurrentHashMap.newKeySet();
  private final List<Thread> workers = new ArrayList<>();

  Deliveries(Generations generations, WatcherSettings settings) {
    this.generations = generations;
    this.settings = settings;
    this.door = new Door(settings.door(), settings.answerTimeout());
  }

  void start() {
    for (int i = 0; i < settings.concurrency(); i++) {
      workers.add(Thread.ofVirtual().name("bucket-delivery-" + i).start(this::work));
    }
  }

  /** Promises to tell what is new of this object; once, if it is waiting already. */
  void offer(ObjectKey key) {
    enqueue(key, Duration.ZERO, 0);
  }

  /** Ends deliveries under way without waiting for their answers: they are made again next time. */
  @Override
  public void close() {
    workers.forEach(Thread::interrupt);
    door.close();
  }

  /** Promises that the threads have ended, or that so long has passed. */
  void join(Duration atMost) throws InterruptedException {
    Instant end = Instant.now().plus(atMost);
    for (Thread worker : workers) {
      Duration left = Duration.between(Instant.now(), end);
      if (left.isPositive()) {
        boolean _ = worker.join(left);
      }
    }
  }

  private void enqueue(ObjectKey key, Duration delay, int attempt) {
    if (waiting.add(key)) {
      queue.add(new Due(key, System.nanoTime() + delay.toNanos(), attempt));
    }
  }

  private void work() {
    try {
      while (true) {
        Due due = queue.take();
        waiting.remove(due.key());
        if (underWay.add(due.key())) {
          try {
            deliver(due);
          } finally {
            underWay.remove(due.key());
          }
        } else {
          enqueue(due.key(), settings.settle(), due.attempt());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void deliver(Due due) throws InterruptedException {
    Optional<Generations.Known> known = generations.known(due.key());
    if (known.isEmpty() || known.get().told()) {
      return;
    }
    try {
      for (StorageNotification notification : notifications(due.key(), known.get())) {
        Door.Answer answer = door.post(notification);
        if (!answer.accepted()) {
          again(due, answer.retryAfter(), "answered " + answer.status());
          return;
        }
      }
      generations.told(due.key(), known.get());
    } catch (IOException e) {
      again(due, Duration.ZERO, e.toString());
    }
  }

  /** An overwrite is a new generation and the end of the old one, as Cloud Storage tells it. */
  private static List<StorageNotification> notifications(ObjectKey key, Generations.Known known) {
    ObjectAttributes object = DirectoryBuckets.attributes(key, known, "");
    Instant made = Instant.EPOCH.plus(known.generation(), ChronoUnit.MICROS);
    if (!known.live()) {
      return List.of(
          new StorageNotification(StorageNotification.Change.DELETED, object, Instant.now()));
    }
    List<StorageNotification> notifications = new ArrayList<>();
    notifications.add(new StorageNotification(StorageNotification.Change.FINALIZED, object, made));
    if (known.previous() > 0) {
      ObjectAttributes replaced =
          new ObjectAttributes(key.at(known.previous()), 1, "", 0, "", false);
      notifications.add(
          new StorageNotification(StorageNotification.Change.DELETED, replaced, made));
    }
    return notifications;
  }

  private void again(Due due, Duration asked, String why) {
    Duration backOff = backOff(due.attempt());
    Duration wait = asked.compareTo(backOff) > 0 ? asked : backOff;
    LOG.log(
        due.attempt() == 0 ? Level.DEBUG : Level.WARNING,
        "{0}: the door {1}; delivery {2} follows in {3} ms",
        due.key().at(0).path(),
        why,
        due.attempt() + 2,
        wait.toMillis());
    enqueue(due.key(), wait, due.attempt() + 1);
  }

  /** Doubling, and spread over the upper half, so that what failed together comes apart. */
  private Duration backOff(int attempt) {
    long first = settings.firstRetry().toNanos();
    long last = settings.lastRetry().toNanos();
    long full = attempt >= 30 ? last : Math.min(last, first << attempt);
    return Duration.ofNanos(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
  }

  private record Due(ObjectKey key, long at, int attempt) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
