package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;

/** Where threads waited for each other's locks. */
final class LocksTopic implements Topic {
  /** Parking for these is waiting for a lock; parking for anything else is waiting for work. */
  private static final Set<String> LOCKS =
      Set.of("ReentrantLock", "ReentrantReadWriteLock", "Semaphore", "StampedLock");

  /** Less of the recording's time than this in a hundred is none's concern. */
  private static final double NOTABLE_SHARE = 1;

  private final Named monitors = new Named();
  private final Named parks = new Named();

  @Override
  public Set<String> types() {
    return Set.of("jdk.JavaMonitorEnter", "jdk.ThreadPark");
  }

  @Override
  public void take(RecordedEvent event) {
    double seconds = Units.seconds(event.getDuration());
    if (event.getEventType().getName().equals("jdk.ThreadPark")) {
      String lock = name(event.getClass("parkedClass"));
      if (LOCKS.stream().anyMatch(lock::contains) && Stacks.ownFrame(event).isPresent()) {
        parks.add("%s at %s".formatted(lock, Stacks.own(event)), seconds);
      }
    } else {
      monitors.add(
          "%s at %s".formatted(name(event.getClass("monitorClass")), Stacks.own(event)), seconds);
    }
  }

  private static String name(RecordedClass type) {
    return type == null ? "?" : type.getName();
  }

  @Override
  public List<Finding> findings(Period period) {
    return monitors.largest().stream()
        .filter(most -> most.getValue().total() * 100 > period.seconds() * NOTABLE_SHARE)
        .map(
            most ->
                Finding.notice(
                    "Threads waited %s to enter the monitor of %s (%s)."
                        .formatted(
                            Units.time(most.getValue().total()),
                            most.getKey(),
                            Units.times(most.getValue().count(), "time"))))
        .toList();
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    if (!monitors.isEmpty()) {
      blocks.add(monitors.table("monitor", 10));
    }
    if (!parks.isEmpty()) {
      blocks.add(parks.table("lock or semaphore", 10));
    }
    return new Section("Locks", blocks);
  }
}
