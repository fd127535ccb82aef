package dev.ragprocessor.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ragprocessor.testing.CloudStorageStandIn;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A bucket in steady change: objects are written, overwritten and deleted, and every change is told
 * as Cloud Storage tells it, one in ten twice. For one thread.
 */
final class Bucket {
  static final String NAME = "letters";
  private static final int OBJECTS = 120;

  private final CloudStorageStandIn storage;
  private final Forwarder forwarder;
  private final Random random;
  private final Map<String, Live> live = new TreeMap<>();
  private int changes;

  /** What the bucket holds under a name. */
  record Live(long generation, String text) {}

  Bucket(CloudStorageStandIn storage, Forwarder forwarder, long seed) {
    this.storage = storage;
    this.forwarder = forwarder;
    this.random = new Random(seed);
    storage.createBucket(NAME);
  }

  /** Changes one object, and tells it. */
  void change() throws InterruptedException {
    String name = "letter-%d.txt".formatted(random.nextInt(OBJECTS));
    Live before = live.get(name);
    if (before != null && random.nextInt(4) == 0) {
      storage.delete(NAME, name);
      live.remove(name);
      tell("deleted", name, before.generation());
    } else {
      changes++;
      String text =
          "Letter %s in its version %d lies in drawer %d."
              .formatted(name, changes, random.nextInt(1_000_000));
      long generation =
          storage.put(NAME, name, text.getBytes(UTF_8), "text/plain", "").object().generation();
      live.put(name, new Live(generation, text));
      tell("finalized", name, generation);
      if (before != null) {
        // An overwritten generation is told as deleted, in no order with its successor.
        tell("deleted", name, before.generation());
      }
    }
  }

  private void tell(String type, String name, long generation) throws InterruptedException {
    Change change = new Change(UUID.randomUUID(), type, NAME, name, generation);
    forwarder.publish(change);
    if (random.nextInt(10) == 0) {
      forwarder.publish(change.again());
    }
  }

  /** Promises how often something was written. */
  int writes() {
    return changes;
  }

  /** Promises what must be found: path, generation and text of every live object, by path. */
  List<String> truth() {
    return live.entrySet().stream()
        .map(
            entry ->
                "gs://%s/%s %d completed [%s]"
                    .formatted(
                        NAME,
                        entry.getKey(),
                        entry.getValue().generation(),
                        entry.getValue().text()))
        .toList();
  }
}
