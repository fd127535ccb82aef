package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;

/** What was allocated where, and what the processor did, both as samples tell it. */
final class HotSpotsTopic implements Topic {
  private static final String ALLOCATION = "jdk.ObjectAllocationSample";
  private static final int MOST = 10;

  private final Shares classes = new Shares();
  private final Shares allocating = new Shares();
  private final Shares methods = new Shares();
  private final Shares running = new Shares();

  @Override
  public Set<String> types() {
    return Set.of(ALLOCATION, "jdk.ExecutionSample");
  }

  @Override
  public void take(RecordedEvent event) {
    if (event.getEventType().getName().equals(ALLOCATION)) {
      RecordedClass type = event.getClass("objectClass");
      double weight = event.getLong("weight");
      classes.add(type == null ? "?" : type.getName(), weight);
      allocating.add(Stacks.own(event), weight);
    } else {
      methods.add(Stacks.top(event), 1);
      running.add(Stacks.own(event), 1);
    }
  }

  @Override
  public List<Finding> findings(Period period) {
    return allocating
        .largest()
        .limit(1)
        .map(
            most ->
                Finding.notice(
                    "About %s were allocated a second; most at %s: %s."
                        .formatted(
                            Units.bytes(allocating.total() / period.seconds()),
                            most.getKey(),
                            Units.share(most.getValue(), allocating.total()))))
        .toList();
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    if (!classes.isEmpty()) {
      blocks.add(allocating.table("allocating code", "about", MOST, Units::bytes));
      blocks.add(classes.table("allocated class", "about", MOST, Units::bytes));
    }
    if (!methods.isEmpty()) {
      blocks.add(running.table("code at work", "samples", MOST, HotSpotsTopic::samples));
      blocks.add(methods.table("innermost method", "samples", MOST, HotSpotsTopic::samples));
    }
    return new Section("Allocation and processor hot spots", blocks);
  }

  private static String samples(double amount) {
    return String.format(Locale.ROOT, "%.0f", amount);
  }
}
