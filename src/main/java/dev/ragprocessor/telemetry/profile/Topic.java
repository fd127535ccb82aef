package dev.ragprocessor.telemetry.profile;

import java.util.List;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;

/**
 * What is found out about one thing, from the events of some types, which come in any order. Used
 * by one thread.
 */
interface Topic {
  /** The types of events that it wants. */
  Set<String> types();

  /** Takes one of them. */
  void take(RecordedEvent event);

  /** Promises what stands out, once all events have come. */
  List<Finding> findings(Period period);

  /** Promises the figures. */
  Section section(Period period);
}
