package dev.ragprocessor.testing;

import dev.ragprocessor.bucket.LiveObject;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.store.ObjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * A bucket that keeps its promises in memory: generations rise with every write of any object, and
 * only the live one can be read. It can be told to fail, or to wait, on the next fetch.
 */
public final class MemoryBucket implements ObjectStore {
  private final Map<String, Entry> live = new ConcurrentHashMap<>();
  private final AtomicLong clock = new AtomicLong(1_700_000_000_000_000L);
  private final Queue<RuntimeException> faults = new ArrayDeque<>();
  private final AtomicInteger fetches = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  private record Entry(ObjectAttributes attributes, ByteBuffer content) {}

  /** Promises a new generation of the object, and says what the event about it would. */
  public ObjectAttributes put(String bucket, String name, String text) {
    return put(bucket, name, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  /** As {@link #put(String, String, String)}, of any bytes. */
  public ObjectAttributes put(String bucket, String name, String contentType, byte[] content) {
    ObjectId id = new ObjectId(bucket, name, clock.incrementAndGet());
    ObjectAttributes attributes =
        new ObjectAttributes(id, 1, contentType, content.length, crc32c(content), false);
    live.put(id.path(), new Entry(attributes, ByteBuffer.wrap(content.clone())));
    return attributes;
  }

  /** Promises that there is no live object any more, and says what the event about it would. */
  public ObjectAttributes delete(ObjectAttributes object) {
    live.computeIfPresent(
        object.object().path(),
        (path, entry) -> entry.attributes().object().equals(object.object()) ? null : entry);
    return object;
  }

  /** The next fetch throws this. */
  public void failNext(RuntimeException fault) {
    synchronized (faults) {
      faults.add(fault);
    }
  }

  /** No fetch fails any more because of what was said before. */
  public void recover() {
    synchronized (faults) {
      faults.clear();
    }
  }

  /** Fetches wait from now on until the latch is counted down, at most 30 seconds. */
  public CountDownLatch hold() {
    gate = new CountDownLatch(1);
    return gate;
  }

  /** How many fetches wait for it now. */
  public int waiting() {
    return waiting.get();
  }

  /** How many fetches there were. */
  public int fetches() {
    return fetches.get();
  }

  @Override
  public Optional<LiveObject> fetch(ObjectId object) {
    fetches.incrementAndGet();
    awaitGate();
    synchronized (faults) {
      RuntimeException fault = faults.poll();
      if (fault != null) {
        throw fault;
      }
    }
    return Optional.ofNullable(live.get(object.path()))
        .map(entry -> new LiveObject(entry.attributes(), temporary(entry.content().array())));
  }

  @Override
  public Optional<ObjectAttributes> describe(ObjectId object) {
    return Optional.ofNullable(live.get(object.path())).map(Entry::attributes);
  }

  @Override
  public Page list(String bucket, String prefix, String pageToken) {
    return new Page(
        live.values().stream()
            .map(Entry::attributes)
            .filter(object -> object.object().bucket().equals(bucket))
            .filter(object -> object.object().name().startsWith(prefix))
            .sorted(Comparator.comparing(object -> object.object().name()))
            .toList(),
        "");
  }

  @Override
  public void close() {}

  private void awaitGate() {
    CountDownLatch closed = gate;
    if (closed.getCount() == 0) {
      return;
    }
    waiting.incrementAndGet();
    try {
      if (!closed.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test never opened the bucket");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private static Path temporary(byte[] content) {
    try {
      return Files.write(Files.createTempFile("memory-bucket", ".tmp"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String crc32c(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
