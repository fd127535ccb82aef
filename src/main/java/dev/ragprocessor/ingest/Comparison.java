package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Scopes;
import dev.ragprocessor.store.Inventory;
import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.ObjectState;
import dev.ragprocessor.store.Rejections;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/**
 * Says where a bucket and the database differ, for events that never came: those that nobody has
 * acknowledged for a day are dropped. It changes nothing. What it says was so a moment ago, so that
 * every repair is a delivery like any other, which decides anew under the object's lock. Safe for
 * use by many threads.
 */
public final class Comparison {
  private static final int PAGE = 1_000;

  private final IngestSettings settings;
  private final Scopes database;
  private final ObjectStore objects;

  /**
   * @param settings say which objects are ours
   * @param database not ingestion's gate: the events that arrive meanwhile have that
   */
  public Comparison(IngestSettings settings, Scopes database, ObjectStore objects) {
    this.settings = settings;
    this.database = database;
    this.objects = objects;
  }

  /** How a live object of the bucket stands to the database. */
  public enum Finding {
    /** The database has its result, be that a failure. */
    SHOWN,
    /** The database does not know this generation: it is to be ingested. */
    MISSING,
    /** A job has it, which is at work or waits for its retry. */
    AT_WORK,
    /** Somebody has deleted or cancelled this generation, or the database knows a later one. */
    WITHDRAWN,
    /** It is outside of {@code ingest.buckets}, or a folder's placeholder. */
    NOT_OURS
  }

  /**
   * An object and what was found.
   *
   * @param known the generation that the database shows; 0 for none
   */
  public record Compared(ObjectAttributes object, Finding finding, long known) {}

  /**
   * A document whose object may be gone.
   *
   * @param object at the newest generation that the database knows; 0 where another program has
   *     left none
   * @param elsewhere whether another program has announced the object or works on it, so that it is
   *     none of our business
   */
  public record Candidate(ObjectId object, boolean elsewhere) {}

  /**
   * Some documents.
   *
   * @param next where the next page begins
   * @param last whether there is none
   */
  public record Documents(List<Candidate> candidates, UUID next, boolean last) {
    /** The page before the first. */
    public static final Documents BEFORE = new Documents(List.of(), Inventory.START, false);

    public Documents {
      candidates = List.copyOf(candidates);
    }
  }

  /** Promises a finding for each of a bucket's listed objects, in their order. */
  public List<Compared> compare(List<ObjectAttributes> listed) {
    if (listed.isEmpty()) {
      return List.of();
    }
    String bucket = listed.getFirst().object().bucket();
    List<String> names =
        listed.stream().map(object -> object.object().name()).filter(Rejections::storable).toList();
    return database.execute(
        "compare.listed",
        db -> {
          Iterator<Inventory.Known> known = Inventory.known(db, bucket, names).iterator();
          List<Compared> compared = new ArrayList<>(listed.size());
          for (ObjectAttributes object : listed) {
            compared.add(
                Rejections.storable(object.object().name())
                    ? compared(object, known.next())
                    : unstorable(db, object));
          }
          return compared;
        });
  }

  private Compared compared(ObjectAttributes object, Inventory.Known known) {
    long generation = object.object().generation();
    ObjectState state = known.state();
    long shown = state.document() == null ? 0 : state.document().generation();
    Finding finding =
        switch (state.standing(generation)) {
          case DONE -> Finding.SHOWN;
          case CLAIMED -> Finding.AT_WORK;
          case SUPERSEDED -> Finding.WITHDRAWN;
          case NEW -> known.rejection() >= generation ? Finding.SHOWN : Finding.MISSING;
        };
    return new Compared(object, ifOurs(object, finding), shown);
  }

  private Compared unstorable(Scope db, ObjectAttributes object) {
    boolean recorded = Rejections.reason(db, object.object()).isPresent();
    return new Compared(object, ifOurs(object, recorded ? Finding.SHOWN : Finding.MISSING), 0);
  }

  private Finding ifOurs(ObjectAttributes object, Finding finding) {
    return settings.takes(object.object()) && !object.isFolderPlaceholder()
        ? finding
        : Finding.NOT_OURS;
  }

  /**
   * Promises the next documents of the bucket's objects whose names begin so, but for those outside
   * of {@code ingest.buckets}.
   */
  public Documents documents(String bucket, String prefix, Documents before) {
    List<Inventory.Stored> page =
        database.execute(
            "compare.documents",
            db ->
                Inventory.stored(db, "gs://%s/%s".formatted(bucket, prefix), before.next(), PAGE));
    List<Candidate> candidates =
        page.stream()
            .map(
                stored ->
                    new Candidate(
                        ObjectId.ofPath(stored.path(), stored.generation()), stored.elsewhere()))
            .filter(candidate -> settings.takes(candidate.object()))
            .toList();
    return new Documents(
        candidates, page.isEmpty() ? before.next() : page.getLast().id(), page.size() < PAGE);
  }

  /**
   * Whether the bucket has no such object now. To be asked after the generation was read and before
   * that is told as deleted: whatever is written in between has a newer one, which no such delete
   * reaches.
   *
   * @throws dev.ragprocessor.bucket.BucketException when the bucket cannot say
   */
  public boolean isGone(ObjectId object) {
    return objects.describe(object).isEmpty();
  }
}
