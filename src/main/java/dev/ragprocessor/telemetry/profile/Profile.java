package dev.ragprocessor.telemetry.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * What a recording says: the findings first, then the figures that they come from. It leads with
 * what stands out, so that nobody has to know what to look for.
 *
 * @param events how many there were
 */
record Profile(
    String name, Period period, long events, List<Finding> findings, List<Section> sections) {
  Profile {
    findings = List.copyOf(findings);
    sections = List.copyOf(sections);
  }

  /**
   * Reads the file once, an event at a time.
   *
   * @throws IOException when it is no recording, or cannot be read
   */
  static Profile of(Path file) throws IOException {
    List<Topic> topics =
        List.of(
            new StagesTopic(),
            new HoldsTopic(),
            new PinnedTopic(),
            new SlowestTopic(),
            new DeliveriesTopic(),
            new PoolTopic(),
            new JobsTopic(),
            new ModelCallsTopic(),
            new LocksTopic(),
            new HotSpotsTopic(),
            new GarbageTopic());
    Map<String, List<Topic>> byType = new HashMap<>();
    for (Topic topic : topics) {
      topic
          .types()
          .forEach(type -> byType.computeIfAbsent(type, _ -> new ArrayList<>()).add(topic));
    }
    long events = 0;
    Instant from = Instant.MAX;
    Instant to = Instant.MIN;
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        events++;
        // Not its start: what began long before the recording is recorded at its end.
        Instant at = event.getEndTime();
        from = at.isBefore(from) ? at : from;
        to = at.isAfter(to) ? at : to;
        byType
            .getOrDefault(event.getEventType().getName(), List.of())
            .forEach(topic -> topic.take(event));
      }
    }
    Period period = events == 0 ? new Period(Instant.EPOCH, Instant.EPOCH) : new Period(from, to);
    return new Profile(
        name(file.getFileName()),
        period,
        events,
        topics.stream().flatMap(topic -> topic.findings(period).stream()).toList(),
        topics.stream().map(topic -> topic.section(period)).toList());
  }

  private static String name(@Nullable Path file) {
    return file == null ? "" : file.toString();
  }
}
