package dev.ragprocessor.ingest;

import java.time.Duration;
import java.util.Map;

/**
 * How segments are sealed and built.
 *
 * @param rows of a full segment, at least 1; what is in none yet is compared row by row
 * @param buildMemory in bytes, PostgreSQL's {@code maintenance_work_mem} while an index is built
 * @param interval between two looks, jittered
 */
public record SegmentSettings(int rows, long buildMemory, Duration interval) {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  public SegmentSettings {
    if (rows < 1 || buildMemory < 1 << 20 || !interval.isPositive()) {
      throw new IllegalArgumentException(
          "segments of %d rows, built in %d bytes, looked at every %s"
              .formatted(rows, buildMemory, interval));
    }
  }

  /** A look every second or so. */
  public SegmentSettings(int rows, long buildMemory) {
    this(rows, buildMemory, INTERVAL);
  }

  /** Promises what PostgreSQL is told in a session that builds. */
  public Map<String, String> sessionParameters() {
    return Map.of("maintenance_work_mem", buildMemory / 1_024 + "kB");
  }
}
