package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;

/** What was delivered, what became of it, and how many events were at work. */
final class DeliveriesTopic implements Topic {
  private static final String LOAD = "dev.ragprocessor.Load";

  private final Named deliveries = new Named();
  private final Named notTaken = new Named();
  private final List<RecordedEvent> loads = new ArrayList<>();

  @Override
  public Set<String> types() {
    return Set.of("dev.ragprocessor.Delivery", LOAD);
  }

  @Override
  public void take(RecordedEvent event) {
    if (event.getEventType().getName().equals(LOAD)) {
      loads.add(event);
      return;
    }
    double seconds = Units.seconds(event.getDuration());
    deliveries.add(
        "%s: %s".formatted(event.getString("type"), event.getString("outcome")), seconds);
    if (event.getString("outcome").equals("NotTaken")) {
      notTaken.add(event.getString("type"), seconds);
    }
  }

  @Override
  public List<Finding> findings(Period period) {
    return notTaken.isEmpty()
        ? List.of()
        : List.of(
            Finding.problem(
                "%s of %s were not taken and have to come again."
                    .formatted(
                        Units.count(notTaken.count()),
                        Units.times(deliveries.count(), "delivered event"))));
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    if (!deliveries.isEmpty()) {
      blocks.add(deliveries.table("type: outcome", 15));
    }
    if (!loads.isEmpty()) {
      blocks.add(
          new Block.Plot(
              "Events at work",
              "of %d".formatted(loads.getLast().getInt("limit")),
              List.of(
                  new Curve(
                      "in flight",
                      loads.stream()
                          .map(
                              load ->
                                  new Curve.Point(
                                      period.second(load.getStartTime()), load.getInt("inFlight")))
                          .toList()))));
    }
    return new Section("Deliveries", blocks);
  }
}
