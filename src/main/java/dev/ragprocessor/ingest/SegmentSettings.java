package dev.ragprocessor.ingest;

import dev.ragprocessor.store.IndexPrecision;
import java.time.Duration;
import java.util.Map;

/**
 * How segments are sealed and built.
 *
 * @param rows of a full segment, at least 1; what is in none yet is compared row by row
 * @param buildMemory in bytes, PostgreSQL's {@code maintenance_work_mem} while an index is built
 * @param precision of their indexes
 * @param interval between two looks, jittered
 * @param rest how long nothing is stored before indexes are merged that need not be
 */
public record SegmentSettings(
    int rows, long buildMemory, IndexPrecision precision, Duration interval, Duration rest) {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration REST = Duration.ofSeconds(30);

  public SegmentSettings {
    if (rows < 1 || buildMemory < 1 << 20 || !interval.isPositive() || rest.isNegative()) {
      throw new IllegalArgumentException(
          "segments of %d rows, built in %d bytes, looked at every %s, at rest after %s"
              .formatted(rows, buildMemory, interval, rest));
    }
  }

  /** A look every second or so, and half a minute until it counts as rest. */
  public SegmentSettings(int rows, long buildMemory, IndexPrecision precision) {
    this(rows, buildMemory, precision, INTERVAL, REST);
  }

  /** Promises what PostgreSQL is told in a session that builds. */
  public Map<String, String> sessionParameters() {
    return Map.of("maintenance_work_mem", buildMemory / 1_024 + "kB");
  }
}
