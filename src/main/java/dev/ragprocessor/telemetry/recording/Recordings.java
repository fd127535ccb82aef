package dev.ragprocessor.telemetry.recording;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * One recording of this process at a time, bounded in time and size. It lies in the JVM's own
 * repository, below the directory for temporary files, and nowhere else: there is no path to
 * choose, and when it is discarded or the process ends nothing is left of it. Recordings that
 * others make by {@code jcmd} are neither seen nor touched. Safe for use by many threads.
 */
public final class Recordings implements AutoCloseable {
  private static final String NAME = "rag-processor";

  private final RecordingSettings settings;
  private final ReentrantLock deciding = new ReentrantLock();
  private @Nullable Recording recording;

  /** Starts nothing; JFR itself is not begun before the first recording is. */
  public Recordings(RecordingSettings settings) {
    this.settings = settings;
  }

  /** Promises how long a recording may take at most. */
  public Duration maxDuration() {
    return settings.maxDuration();
  }

  /**
   * Promises a recording that has begun and ends by itself; one that had ended is discarded for it.
   *
   * @param length at most {@link #maxDuration}
   * @return empty when another runs, which goes on as it was
   */
  public Optional<RecordingState.Running> start(Duration length) {
    if (length.isNegative() || length.isZero() || length.compareTo(maxDuration()) > 0) {
      throw new IllegalArgumentException(
          "a recording takes at most %s: %s".formatted(maxDuration(), length));
    }
    deciding.lock();
    try {
      if (state() instanceof RecordingState.Running) {
        return Optional.empty();
      }
      discard();
      Recording begun = new Recording(RecordingProfile.settings());
      begun.setName(NAME);
      begun.setToDisk(true);
      begun.setMaxSize(settings.maxBytes());
      begun.setDuration(length);
      begun.start();
      recording = begun;
      return state() instanceof RecordingState.Running running
          ? Optional.of(running)
          : Optional.empty();
    } finally {
      deciding.unlock();
    }
  }

  /**
   * Ends the recording; it is kept.
   *
   * @return empty when none runs
   */
  public Optional<RecordingState.Finished> stop() {
    deciding.lock();
    try {
      if (!(state() instanceof RecordingState.Running)) {
        return Optional.empty();
      }
      Objects.requireNonNull(recording).stop();
      return state() instanceof RecordingState.Finished finished
          ? Optional.of(finished)
          : Optional.empty();
    } finally {
      deciding.unlock();
    }
  }

  /** Promises what there is. */
  public RecordingState state() {
    deciding.lock();
    try {
      Recording present = recording;
      return present == null ? new RecordingState.None() : state(present);
    } finally {
      deciding.unlock();
    }
  }

  private static RecordingState state(Recording present) {
    Instant since = Objects.requireNonNullElse(present.getStartTime(), Instant.EPOCH);
    return switch (present.getState()) {
      case NEW, DELAYED, RUNNING ->
          new RecordingState.Running(since, since.plus(present.getDuration()), present.getSize());
      case STOPPED, CLOSED ->
          new RecordingState.Finished(
              since, Objects.requireNonNullElse(present.getStopTime(), since), present.getSize());
    };
  }

  /**
   * Promises the recording as a stream that its caller closes; of one that runs, what it has so
   * far, while it goes on. Nothing that comes later, not even its discarding, breaks the stream.
   *
   * @return empty when there is none
   */
  public Optional<InputStream> open() {
    deciding.lock();
    try {
      Recording present = recording;
      if (present == null) {
        return Optional.empty();
      }
      Recording copy = present.copy(true);
      try {
        InputStream events = copy.getStream(null, null);
        if (events == null) {
          copy.close();
          return Optional.of(InputStream.nullInputStream());
        }
        return Optional.of(new Copied(copy, events));
      } catch (IOException e) {
        copy.close();
        throw new UncheckedIOException("the recording cannot be read", e);
      }
    } finally {
      deciding.unlock();
    }
  }

  /** Promises that nothing is left of the recording; one that runs ends. */
  public void discard() {
    deciding.lock();
    try {
      if (recording != null) {
        recording.close();
        recording = null;
      }
    } finally {
      deciding.unlock();
    }
  }

  @Override
  public void close() {
    discard();
  }

  /** The copy keeps its parts of the repository as long as somebody reads them. */
  private static final class Copied extends FilterInputStream {
    private final Recording copy;

    Copied(Recording copy, InputStream events) {
      super(events);
      this.copy = copy;
    }

    @Override
    public void close() throws IOException {
      try (Recording _ = copy) {
        super.close();
      }
    }
  }
}
