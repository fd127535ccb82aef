package dev.ragprocessor.bucket;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Objects that may have changed, until their files have been still for long enough; then they get
 * their generation or their tombstone. One thread only.
 */
final class Settling {
  private static final System.Logger LOG = System.getLogger(Settling.class.getName());

  private final BucketFolders folders;
  private final Generations generations;
  private final Deliveries deliveries;
  private final long settle;
  private final Map<ObjectKey, Observed> unsettled = new HashMap<>();

  Settling(DirectoryBuckets buckets, Deliveries deliveries, Duration settle) {
    this.folders = buckets.folders();
    this.generations = buckets.generations();
    this.deliveries = deliveries;
    this.settle = settle.toNanos();
  }

  /** Promises to look at an object until it is still. */
  void add(ObjectKey key) {
    unsettled.putIfAbsent(key, Observed.NEVER);
  }

  boolean isEmpty() {
    return unsettled.isEmpty();
  }

  /** Promises to look at all of them once, and to hand on what is settled. */
  void look() throws IOException {
    Map<ObjectKey, Optional<FileState>> settled = new HashMap<>();
    Iterator<Map.Entry<ObjectKey, Observed>> entries = unsettled.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<ObjectKey, Observed> entry = entries.next();
      try {
        Optional<FileState> now = folders.state(entry.getKey());
        if (!entry.getValue().is(now)) {
          entry.setValue(new Observed(true, now, System.nanoTime()));
        } else if (System.nanoTime() - entry.getValue().since() >= settle) {
          settled.put(entry.getKey(), now);
          entries.remove();
        }
      } catch (IOException e) {
        // One that cannot be looked at must not hold up the others; the rescan comes back to it.
        LOG.log(Level.WARNING, entry.getKey().at(0).path() + " cannot be looked at", e);
        entries.remove();
      }
    }
    for (Map.Entry<ObjectKey, Optional<FileState>> entry : settled.entrySet()) {
      if (entry.getValue().isPresent()) {
        Generations.Known _ = generations.seen(entry.getKey(), entry.getValue().get());
      } else {
        generations.gone(entry.getKey());
      }
    }
    if (!settled.isEmpty()) {
      generations.sync();
      settled.keySet().forEach(deliveries::offer);
    }
  }

  /**
   * How a file was seen.
   *
   * @param looked whether anybody has looked yet
   * @param state empty when there was no file
   * @param since when it was first seen so
   */
  private record Observed(boolean looked, Optional<FileState> state, long since) {
    static final Observed NEVER = new Observed(false, Optional.empty(), 0);

    boolean is(Optional<FileState> now) {
      return looked && state.equals(now);
    }
  }
}
