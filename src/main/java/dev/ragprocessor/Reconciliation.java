package dev.ragprocessor;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.ingest.Comparison;
import dev.ragprocessor.ingest.Comparison.Finding;
import dev.ragprocessor.store.ObjectId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares a bucket with the database and keeps what has to be done. The listing is a snapshot that
 * is old when it ends: what it says is missing or gone is looked at again by the repair, which goes
 * the way of every event.
 *
 * <p>It remembers the names of the bucket's objects, some 100 bytes each, and nothing else of what
 * is as it should be.
 */
final class Reconciliation {
  private final BucketPrefix wanted;
  private final ObjectStore objects;
  private final Comparison comparison;
  private final Terminal terminal;
  private final Map<Finding, Integer> found = new EnumMap<>(Finding.class);
  private final List<ObjectAttributes> missing = new ArrayList<>();
  private final List<ObjectId> gone = new ArrayList<>();
  private int listed;
  private int documents;
  private int elsewhere;

  Reconciliation(
      BucketPrefix wanted, ObjectStore objects, Comparison comparison, Terminal terminal) {
    this.wanted = wanted;
    this.objects = objects;
    this.comparison = comparison;
    this.terminal = terminal;
  }

  /** Promises that all differences are known and told, each in a line. */
  void compare() {
    Set<String> names = new HashSet<>();
    wanted.forEachPage(objects, page -> compare(page, names));
    Comparison.Documents page = Comparison.Documents.BEFORE;
    do {
      page = comparison.documents(wanted.bucket(), wanted.prefix(), page);
      for (Comparison.Candidate candidate : page.candidates()) {
        documents++;
        if (!names.contains(candidate.object().name())) {
          look(candidate);
        }
      }
    } while (!page.last());
    terminal.say(
        "%s: %,d objects, %,d documents; %,d are as they should be",
        wanted, listed, documents, count(Finding.SHOWN));
    tell(count(Finding.AT_WORK), "objects are at work or wait for their retry");
    tell(
        count(Finding.WITHDRAWN),
        "objects stay out: a person has deleted or cancelled them, or newer ones are known");
    tell(count(Finding.NOT_OURS), "objects are outside of ingest.buckets or stand for folders");
    tell(elsewhere, "documents without an object stay: another program is at them");
  }

  private void compare(List<ObjectAttributes> page, Set<String> names) {
    listed += page.size();
    for (Comparison.Compared compared : comparison.compare(page)) {
      ObjectId object = compared.object().object();
      names.add(object.name());
      found.merge(compared.finding(), 1, Integer::sum);
      if (compared.finding() == Finding.MISSING) {
        missing.add(compared.object());
        terminal.say(
            "to ingest: %s, generation %d (%s)",
            object.path(),
            object.generation(),
            compared.known() == 0
                ? "not in the database"
                : "the database shows " + compared.known());
      }
    }
  }

  private void look(Comparison.Candidate candidate) {
    if (candidate.elsewhere()) {
      elsewhere++;
    } else if (comparison.isGone(candidate.object())) {
      gone.add(candidate.object());
      terminal.say(
          "to delete: %s, generation %d",
          candidate.object().path(), candidate.object().generation());
    }
  }

  /** What is to be ingested. */
  List<ObjectAttributes> missing() {
    return List.copyOf(missing);
  }

  /** What is to be deleted, each at the newest generation that was known when it was looked for. */
  List<ObjectId> gone() {
    return List.copyOf(gone);
  }

  /** Whether the listing showed nothing at all though there are documents. */
  boolean isSuspicious() {
    return listed == 0 && !gone.isEmpty();
  }

  /** Whether this generation of an object that was found gone still is. */
  boolean isGone(ObjectId object) {
    return comparison.isGone(object);
  }

  private int count(Finding finding) {
    return found.getOrDefault(finding, 0);
  }

  private void tell(int count, String what) {
    if (count > 0) {
      terminal.say("%,d %s", count, what);
    }
  }
}
