package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;

/** How long the stages of the pipeline take. */
final class StagesTopic implements Topic {
  /** In the order of the pipeline. */
  static final List<String> STAGES = List.of("Fetch", "Extract", "Chunk", "Embed", "Store");

  private static final String PREFIX = "dev.ragprocessor.";

  private final Named stages = new Named();
  private final Named failures = new Named();

  /** Promises the event types of the stages. */
  static Set<String> stageTypes() {
    return Set.copyOf(STAGES.stream().map(PREFIX::concat).toList());
  }

  /** Promises the stage that an event is of, as meters name it. */
  static String stage(RecordedEvent event) {
    return event.getEventType().getName().substring(PREFIX.length()).toLowerCase(Locale.ROOT);
  }

  @Override
  public Set<String> types() {
    return stageTypes();
  }

  @Override
  public void take(RecordedEvent event) {
    double seconds = Units.seconds(event.getDuration());
    stages.add(stage(event), seconds);
    String outcome = event.getString("outcome");
    if (!"ok".equals(outcome)) {
      failures.add(stage(event) + ": " + outcome, seconds);
    }
  }

  @Override
  public List<Finding> findings(Period period) {
    List<Finding> found = new ArrayList<>();
    stages
        .largest()
        .ifPresent(
            slowest ->
                found.add(
                    Finding.notice(
                        ("The slowest stage is %s: %s of the time of all stages (%s of %s in %s),"
                                + " one in twenty took %s or more.")
                            .formatted(
                                slowest.getKey(),
                                Units.share(slowest.getValue().total(), stages.total()),
                                Units.time(slowest.getValue().total()),
                                Units.time(stages.total()),
                                Units.times(slowest.getValue().count(), "run"),
                                Units.time(slowest.getValue().percentile(95))))));
    if (!failures.isEmpty()) {
      Entry<String, Samples> most = failures.largest().orElseThrow();
      found.add(
          Finding.problem(
              "Stages failed %s; first %s, %s."
                  .formatted(
                      Units.times(failures.count(), "time"),
                      most.getKey(),
                      Units.times(most.getValue().count(), "time"))));
    }
    return found;
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    if (!stages.isEmpty()) {
      blocks.add(stages.table("stage", STAGES.size()));
    }
    if (!failures.isEmpty()) {
      blocks.add(failures.table("failed stage", 10));
    }
    return new Section("Stages", blocks);
  }
}
