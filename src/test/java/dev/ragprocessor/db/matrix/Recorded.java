package dev.ragprocessor.db.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What the JVM's flight recorder saw. */
final class Recorded {
  private Recorded() {}

  /** Promises the events of this name, at least so long, that happened while the work ran. */
  static List<RecordedEvent> during(String event, Duration threshold, Runnable work)
      throws IOException {
    Path file = Files.createTempFile("matrix-", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(event).withThreshold(threshold);
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(recorded -> recorded.getEventType().getName().equals(event))
          .toList();
    } finally {
      Files.delete(file);
    }
  }
}
