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
  private final Topic topic;
  private final int objects;
  private final Text text;
  private final Random random;
  private final Map<String, Live> live = new TreeMap<>();
  private int changes;

  /** What the bucket holds under a name. */
  record Live(long generation, String text) {}

  /** Where changes are told. */
  interface Topic {
    void publish(Change change) throws InterruptedException;
  }

  /** What is written. */
  interface Text {
    /**
     * Promises the text of one version of an object.
     *
     * @param version rises with every object written
     * @param drawer any number
     */
    String of(String name, int version, int drawer);
  }

  Bucket(CloudStorageStandIn storage, Forwarder forwarder, long seed) {
    this(
        storage,
        forwarder::publish,
        OBJECTS,
        "Letter %s in its version %d lies in drawer %d."::formatted,
        seed);
  }

  /**
   * @param objects how many names there are
   */
  Bucket(CloudStorageStandIn storage, Topic topic, int objects, Text text, long seed) {
    this.storage = storage;
    this.topic = topic;
    this.objects = objects;
    this.text = text;
    this.random = new Random(seed);
    storage.createBucket(NAME);
  }

  /** Changes one object, and tells it. */
  void change() throws InterruptedException {
    String name = "letter-%d.txt".formatted(random.nextInt(objects));
    Live before = live.get(name);
    if (before != null && random.nextInt(4) == 0) {
      storage.delete(NAME, name);
      live.remove(name);
      tell("deleted", name, before.generation());
    } else {
      changes++;
      String content = text.of(name, changes, random.nextInt(1_000_000));
      long generation =
          storage.put(NAME, name, content.getBytes(UTF_8), "text/plain", "").object().generation();
      live.put(name, new Live(generation, content));
      tell("finalized", name, generation);
      if (before != null) {
        // An overwritten generation is told as deleted, in no order with its successor.
        tell("deleted", name, before.generation());
      }
    }
  }

  private void tell(String type, String name, long generation) throws InterruptedException {
    Change change = new Change(UUID.randomUUID(), type, NAME, name, generation);
    topic.publish(change);
    if (random.nextInt(10) == 0) {
      topic.publish(change.again());
    }
  }

  /** Promises how often something was written. */
  int writes() {
    return changes;
  }

  /** Promises every live object, by its path. */
  Map<String, Live> live() {
    Map<String, Live> paths = new TreeMap<>();
    live.forEach((name, object) -> paths.put("gs://%s/%s".formatted(NAME, name), object));
    return paths;
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
