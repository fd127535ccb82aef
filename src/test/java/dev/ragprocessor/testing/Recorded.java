package dev.ragprocessor.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A JFR recording of this process while a test runs. */
public final class Recorded implements AutoCloseable {
  private final Recording recording = new Recording();
  private final Set<String> types;

  private Recorded(Set<String> types) {
    this.types = types;
  }

  /** Promises a recording, from now on, of all events of these types, however short. */
  public static Recorded all(String... types) {
    Recorded recorded = new Recorded(Set.of(types));
    for (String type : types) {
      recorded.recording.enable(type).withoutThreshold();
    }
    recorded.recording.start();
    return recorded;
  }

  /** Promises the events so far, in the order of their ends; ends the recording. */
  public List<RecordedEvent> events() throws IOException {
    recording.stop();
    Path file = Files.createTempFile("rag-test-", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> types.contains(event.getEventType().getName()))
          .sorted(Comparator.comparing(RecordedEvent::getEndTime))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  /** Promises the one event of that type. */
  public static RecordedEvent only(List<RecordedEvent> events, String type) {
    List<RecordedEvent> found =
        events.stream().filter(event -> event.getEventType().getName().equals(type)).toList();
    assertThat(found).as(type).hasSize(1);
    return found.getFirst();
  }

  @Override
  public void close() {
    recording.close();
  }
}
