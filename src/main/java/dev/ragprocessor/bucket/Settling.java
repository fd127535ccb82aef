package dev.ragprocessor.bucket;

import java.io.IOException;
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
  void add(ObjectKey key) throws IOException {
    if (!unsettled.containsKey(key)) {
      unsettled.put(key, new Observed(folders.state(key), System.nanoTime()));
    }
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
      Optional<FileState> now = folders.state(entry.getKey());
      if (!now.equals(entry.getValue().state())) {
        entry.setValue(new Observed(now, System.nanoTime()));
      } else if (System.nanoTime() - entry.getValue().since() >= settle) {
        settled.put(entry.getKey(), now);
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

  private record Observed(Optional<FileState> state, long since) {}
}
