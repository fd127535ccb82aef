package dev.ragprocessor.telemetry.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;

/**
 * Virtual threads that kept their carrier while they waited: since JDK 24 (JEP 491) in class
 * initialisers and below native frames only.
 */
final class PinnedTopic implements Topic {
  private static final String INITIALISER = "<clinit>";

  private final Named places = new Named();
  private final Map<String, RecordedEvent> longest = new LinkedHashMap<>();

  @Override
  public Set<String> types() {
    return Set.of("jdk.VirtualThreadPinned");
  }

  @Override
  public void take(RecordedEvent event) {
    String place = place(event);
    places.add(place, Units.seconds(event.getDuration()));
    longest.merge(
        place,
        event,
        (one, other) -> one.getDuration().compareTo(other.getDuration()) >= 0 ? one : other);
  }

  /** Promises the initialiser that pins, else the service's own frame, else the innermost. */
  private static String place(RecordedEvent event) {
    return Stacks.frames(event).stream()
        .filter(PinnedTopic::initialises)
        .findFirst()
        .map(Stacks::text)
        .orElseGet(() -> Stacks.own(event));
  }

  private static boolean initialises(RecordedFrame frame) {
    return frame.getMethod().getName().equals(INITIALISER);
  }

  @Override
  public List<Finding> findings(Period period) {
    List<Finding> found = new ArrayList<>();
    places
        .byTotal()
        .limit(5)
        .forEach(
            place ->
                found.add(
                    Finding.problem(
                        "A virtual thread was pinned to its carrier %s, for %s at longest, in %s%s."
                            .formatted(
                                Units.times(place.getValue().count(), "time"),
                                Units.time(place.getValue().max()),
                                place.getKey(),
                                why(place.getKey())))));
    return found;
  }

  private String why(String place) {
    RecordedEvent event = longest.get(place);
    if (event == null || !event.hasField("pinnedReason")) {
      return "";
    }
    String reason = event.getString("pinnedReason");
    return reason == null || reason.isBlank() ? "" : " (" + reason + ")";
  }

  @Override
  public Section section(Period period) {
    List<Block> blocks = new ArrayList<>();
    if (!places.isEmpty()) {
      blocks.add(places.table("place", 10));
    }
    places
        .byTotal()
        .limit(3)
        .forEach(
            place -> {
              RecordedEvent event = longest.get(place.getKey());
              if (event != null) {
                blocks.add(new Block.Lines("Pinned in " + place.getKey(), Stacks.all(event)));
              }
            });
    return new Section("Pinned virtual threads", blocks);
  }
}
