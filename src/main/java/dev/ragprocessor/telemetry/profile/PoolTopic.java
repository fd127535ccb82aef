package dev.ragprocessor.telemetry.profile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import jdk.jfr.consumer.RecordedEvent;

/** Pool and permits against time, what the scopes waited, and which of them ended badly. */
final class PoolTopic implements Topic {
  private static final String PREFIX = "dev.ragprocessor.db.";

  private final List<Moment> moments = new ArrayList<>();
  private final Named holds = new Named();
  private final Named waits = new Named();
  private final Named badly = new Named();
  private int refused;
  private int lost;

  /** The pool at a moment. */
  private record Moment(Instant at, int size, int active, int idle, int free, int waiters) {}

  @Override
  public Set<String> types() {
    return Set.of(
        PREFIX + "Pool",
        PREFIX + "PermitWait",
        PREFIX + "ConnectionScope",
        PREFIX + "ConnectionLost");
  }

  @Override
  public void take(RecordedEvent event) {
    switch (event.getEventType().getName().substring(PREFIX.length())) {
      case "Pool" ->
          moments.add(
              new Moment(
                  event.getStartTime(),
                  event.getInt("size"),
                  event.getInt("active"),
                  event.getInt("idle"),
                  event.getInt("freePermits"),
                  event.getInt("waiters")));
      case "PermitWait" -> {
        waits.add(event.getString("scope"), Units.seconds(event.getDuration()));
        refused += event.getBoolean("taken") ? 0 : 1;
      }
      case "ConnectionScope" -> {
        double held = Units.seconds(event.getDuration("hold"));
        holds.add(event.getString("scope"), held);
        if (!"ok".equals(event.getString("outcome"))) {
          badly.add(event.getString("scope") + ": " + event.getString("outcome"), held);
        }
      }
      default -> lost++;
    }
  }

  @Override
  public List<Finding> findings(Period period) {
    List<Finding> found = new ArrayList<>();
    if (refused > 0) {
      found.add(
          Finding.problem(
              "The pool was saturated: %s went without a permit."
                  .formatted(Units.times(refused, "scope"))));
    }
    waits
        .largest()
        .ifPresent(
            most ->
                found.add(
                    Finding.notice(
                        "Scopes waited %s for permits in all (%s), most of it %s: %s."
                            .formatted(
                                Units.time(waits.total()),
                                Units.times(waits.count(), "wait"),
                                most.getKey(),
                                Units.time(most.getValue().total())))));
    long full = moments.stream().filter(moment -> moment.free() == 0 && moment.size() > 0).count();
    if (full > 0) {
      found.add(
          Finding.notice(
              "No permit was free at %s of %d looks at the pool."
                  .formatted(Units.count(full), moments.size())));
    }
    if (lost > 0) {
      found.add(
          Finding.problem(
              "%s died in a scope's hands.".formatted(Units.times(lost, "connection"))));
    }
    return found;
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    if (!moments.isEmpty()) {
      blocks.add(
          new Block.Plot(
              "Connections and permits",
              "of %d".formatted(moments.getLast().size()),
              List.of(
                  curve("active", period, Moment::active),
                  curve("idle", period, Moment::idle),
                  curve("free permits", period, Moment::free),
                  curve("waiting scopes", period, Moment::waiters))));
    }
    if (!holds.isEmpty()) {
      blocks.add(holds.table("scope, time held", 15));
    }
    if (!waits.isEmpty()) {
      blocks.add(waits.table("scope, wait for a permit", 10));
    }
    if (!badly.isEmpty()) {
      blocks.add(badly.table("scope that did not end well", 10));
    }
    return new Section("Pool and permits", blocks);
  }

  private Curve curve(String name, Period period, ToIntFunction<Moment> figure) {
    return new Curve(
        name,
        moments.stream()
            .map(moment -> new Curve.Point(period.second(moment.at()), figure.applyAsInt(moment)))
            .toList());
  }
}
