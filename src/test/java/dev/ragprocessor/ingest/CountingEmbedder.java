package dev.ragprocessor.ingest;

import dev.ragprocessor.embed.TextEmbedder;
import dev.ragprocessor.store.Space;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A model that says what it was asked, and fails when told to. */
class CountingEmbedder implements TextEmbedder {
  private final Space space;
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final Queue<RuntimeException> faults = new ArrayDeque<>();
  private final Queue<CountDownLatch> gates = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Of 16 dimensions. */
  CountingEmbedder() {
    this(new Space("counting", 16, "retrieval"));
  }

  CountingEmbedder(Space space) {
    this.space = space;
  }

  /** Every text embedded so far. */
  List<String> texts() {
    return texts;
  }

  void failNext(RuntimeException fault) {
    synchronized (faults) {
      faults.add(fault);
    }
  }

  void recover() {
    synchronized (faults) {
      faults.clear();
    }
    gates.clear();
  }

  /** The next call waits until the latch is counted down, at most 30 seconds. */
  CountDownLatch holdNext() {
    CountDownLatch gate = new CountDownLatch(1);
    gates.add(gate);
    return gate;
  }

  /** How many calls wait for it now. */
  int waiting() {
    return waiting.get();
  }

  private void awaitGate() {
    CountDownLatch gate = gates.poll();
    if (gate == null) {
      return;
    }
    waiting.incrementAndGet();
    try {
      if (!gate.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test never let the model go on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      waiting.decrementAndGet();
    }
  }

  @Override
  public Space space() {
    return space;
  }

  @Override
  public int maxTokens() {
    return 2_048;
  }

  @Override
  public int tokens(String text) {
    return text.length();
  }

  @Override
  public int maxCharacters() {
    return 100_000;
  }

  @Override
  public List<float[]> embedChunks(String title, List<String> chunks) {
    awaitGate();
    synchronized (faults) {
      RuntimeException fault = faults.poll();
      if (fault != null) {
        throw fault;
      }
    }
    texts.addAll(chunks);
    return chunks.stream().map(this::embedQuestion).toList();
  }

  @Override
  public float[] embedQuestion(String question) {
    Random random = new Random(question.hashCode() ^ space.hashCode());
    float[] vector = new float[space.dimensions()];
    double square = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextFloat() - 0.5f;
      square += (double) vector[i] * vector[i];
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(square);
    }
    return vector;
  }

  @Override
  public void close() {}
}
