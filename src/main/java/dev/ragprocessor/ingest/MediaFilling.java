package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.LiveObject;
import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.bucket.ObjectTooLargeException;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.embed.MediaEmbedder;
import dev.ragprocessor.embed.MediaPart;
import dev.ragprocessor.embed.TimeRange;
import dev.ragprocessor.extract.Extracted;
import dev.ragprocessor.extract.ExtractionException;
import dev.ragprocessor.extract.MediaHead;
import dev.ragprocessor.extract.media.MediaBytes;
import dev.ragprocessor.extract.media.MediaReader;
import dev.ragprocessor.extract.media.Medium;
import dev.ragprocessor.store.Unfilled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of media, from the objects in their buckets: each is read once, and stretch by stretch as
 * ingestion has cut it. A vector is that of the bytes that its chunk is about. Where the object is
 * gone or has other bytes by now its event is on the way, or the bucket is to be reconciled: then
 * the chunk goes or is replaced, and needs none.
 */
final class MediaFilling implements Filling<Unfilled.Medium> {
  /** Stretches asked for together: what a process that is killed has paid for in vain. */
  private static final int TOGETHER = 10;

  /** Often enough for an object that happens to be overwritten with the same bytes. */
  private static final int ROUNDS = 3;

  private static final String OVERWRITTEN =
      "its object has other bytes by now; the event of those, or reconcile, replaces it";

  private final MediaEmbedder embedder;
  private final ObjectStore objects;
  private final MediaAccess access;

  MediaFilling(MediaEmbedder embedder, MediaReader reader, ObjectStore objects) {
    this.embedder = embedder;
    this.objects = objects;
    this.access = new MediaAccess(reader, objects);
  }

  /** A medium is fetched once for all of its stretches, so far as a window has them. */
  @Override
  public int atOnce() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void fill(List<Unfilled.Medium> chunks, Receiver<Unfilled.Medium> receiver)
      throws InterruptedException {
    Work work = new Work(chunks, receiver);
    try {
      for (int round = 1; round <= ROUNDS; round++) {
        try {
          work.run();
          return;
        } catch (ChangedMeanwhileException e) {
          // What it is now is seen in the next round.
        }
      }
      work.outdated(OVERWRITTEN);
    } catch (ExtractionException | ObjectTooLargeException e) {
      work.refused(Failures.reason(e));
    } catch (BucketException e) {
      if (e.kind() != BucketException.Kind.REFUSED) {
        throw e;
      }
      work.refused(Failures.reason(e));
    } catch (IOException e) {
      throw new UncheckedIOException("a fetched file cannot be deleted", e);
    }
  }

  /** What is to be made of one object. */
  private final class Work {
    private final List<Unfilled.Medium> open;
    private final Receiver<Unfilled.Medium> receiver;

    Work(List<Unfilled.Medium> chunks, Receiver<Unfilled.Medium> receiver) {
      this.open = new ArrayList<>(chunks);
      this.receiver = receiver;
    }

    void run() throws ExtractionException, IOException, InterruptedException {
      Unfilled.Medium stored = open.getFirst();
      Optional<ObjectAttributes> live = objects.describe(stored.object());
      if (live.isEmpty()) {
        outdated("its object is gone");
        return;
      }
      Sameness sameness = Sameness.of(stored, live.get());
      if (sameness == Sameness.OTHER) {
        outdated(OVERWRITTEN);
      } else if (sameness == Sameness.UNKNOWN || !runInBucket(live.get())) {
        runFetched(stored);
      }
    }

    private boolean runInBucket(ObjectAttributes object)
        throws ExtractionException, InterruptedException {
      if (!access.mayBeReadInBucket(object)) {
        return false;
      }
      BucketBytes bytes = new BucketBytes(objects, object);
      Optional<Extracted.Media> media = access.inBucket(bytes);
      if (media.isEmpty()) {
        return false;
      }
      access.readInBucket(media.get(), bytes, medium -> embed(medium, bytes));
      return true;
    }

    private void runFetched(Unfilled.Medium stored)
        throws ExtractionException, IOException, InterruptedException {
      Optional<LiveObject> fetched = objects.fetch(stored.object());
      if (fetched.isEmpty()) {
        outdated("its object is gone");
        return;
      }
      try (LiveObject live = fetched.get()) {
        ObjectAttributes object = live.attributes();
        if (Sameness.of(stored, object) != Sameness.SAME) {
          outdated(OVERWRITTEN);
          return;
        }
        byte[] beginning = MediaBytes.of(live.content()).read(0, MediaHead.BYTES);
        Optional<Extracted.Media> media = access.told(beginning, object);
        if (media.isEmpty()) {
          refused("its object is no medium that is read");
          return;
        }
        access.readFetched(
            media.get(), live.content(), object.size(), medium -> embed(medium, null));
      }
    }

    /**
     * @param bytes where the model reads them itself, and so might have read others; null where
     *     they were sent
     */
    private boolean embed(Medium medium, @Nullable BucketBytes bytes) throws InterruptedException {
      refuseWhatIsNotTaken(medium);
      while (!open.isEmpty()) {
        List<Unfilled.Medium> some = List.copyOf(open.subList(0, Math.min(TOGETHER, open.size())));
        if (!receiver.await(some.size())) {
          return false;
        }
        Map<Integer, float[]> vectors = new ConcurrentHashMap<>();
        Optional<EmbeddingException> failure = ask(medium, some, vectors);
        if (bytes != null) {
          bytes.requireLive();
        }
        store(some, vectors);
        if (failure.isPresent()) {
          throw failure.get();
        }
        open.removeAll(some);
        some.stream()
            .filter(chunk -> !vectors.containsKey(some.indexOf(chunk)))
            .forEach(chunk -> receiver.refused(chunk, embedder.space().model() + " refused it"));
      }
      return true;
    }

    private void refuseWhatIsNotTaken(Medium medium) {
      for (Unfilled.Medium chunk : List.copyOf(open)) {
        if (!embedder.takes(part(medium, chunk))) {
          open.remove(chunk);
          receiver.refused(
              chunk,
              "%s does not take %s%s"
                  .formatted(
                      embedder.space().model(),
                      medium.part().mediaType(),
                      chunk.stretch() == null ? "" : " of this length"));
        }
      }
    }

    /** Promises what kept the model from answering for all of them. */
    private Optional<EmbeddingException> ask(
        Medium medium, List<Unfilled.Medium> some, Map<Integer, float[]> vectors) {
      try {
        embedder.embedMedia(some.stream().map(chunk -> part(medium, chunk)).toList(), vectors::put);
        return Optional.empty();
      } catch (EmbeddingException e) {
        return Optional.of(e);
      }
    }

    private void store(List<Unfilled.Medium> some, Map<Integer, float[]> vectors)
        throws InterruptedException {
      List<Unfilled.Medium> made = new ArrayList<>();
      List<float[]> theirs = new ArrayList<>();
      vectors.forEach(
          (position, vector) -> {
            made.add(some.get(position));
            theirs.add(vector);
          });
      if (!made.isEmpty()) {
        receiver.store(made, theirs);
      }
      open.removeAll(made);
    }

    void refused(String why) {
      open.forEach(chunk -> receiver.refused(chunk, why));
    }

    void outdated(String why) {
      open.forEach(chunk -> receiver.outdated(chunk, why));
    }

    private static MediaPart part(Medium medium, Unfilled.Medium chunk) {
      Unfilled.Stretch stretch = chunk.stretch();
      return medium.during(stretch == null ? null : new TimeRange(stretch.start(), stretch.end()));
    }
  }

  /** Whether a live object has the bytes that a chunk is about. */
  private enum Sameness {
    SAME,
    OTHER,
    /** A folder knows a file's checksum only when it is fetched. */
    UNKNOWN;

    static Sameness of(Unfilled.Medium stored, ObjectAttributes live) {
      long generation = stored.object().generation();
      // What another program has stored says nothing of its bytes: what is live is what there is.
      if (generation == 0 || generation == live.object().generation()) {
        return SAME;
      }
      if (live.crc32c().isEmpty()) {
        return UNKNOWN;
      }
      return live.crc32c().equals(stored.crc32c()) && live.size() == stored.size() ? SAME : OTHER;
    }
  }
}
