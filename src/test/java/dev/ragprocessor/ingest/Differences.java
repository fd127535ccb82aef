package dev.ragprocessor.ingest;

import dev.ragprocessor.bucket.ObjectAttributes;
import dev.ragprocessor.bucket.ObjectStore;
import dev.ragprocessor.store.ObjectId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a comparison of a whole bucket with the database has found, as the command {@code ingest
 * --reconcile} goes about it.
 *
 * @param missing of the database
 * @param unlisted documents whose objects the listing did not show; whether they are gone is still
 *     to be asked
 */
record Differences(List<ObjectAttributes> missing, List<ObjectId> unlisted) {
  static final Differences NONE = new Differences(List.of(), List.of());

  static Differences of(Comparison comparison, ObjectStore objects, String bucket) {
    List<ObjectAttributes> listed = objects.list(bucket, "", "").objects();
    Set<String> names = new HashSet<>();
    List<ObjectAttributes> missing = new ArrayList<>();
    for (Comparison.Compared compared : comparison.compare(listed)) {
      names.add(compared.object().object().name());
      if (compared.finding() == Comparison.Finding.MISSING) {
        missing.add(compared.object());
      }
    }
    List<ObjectId> unlisted = new ArrayList<>();
    Comparison.Documents page = Comparison.Documents.BEFORE;
    do {
      page = comparison.documents(bucket, "", page);
      page.candidates().stream()
          .filter(candidate -> !candidate.elsewhere())
          .map(Comparison.Candidate::object)
          .filter(object -> !names.contains(object.name()))
          .forEach(unlisted::add);
    } while (!page.last());
    return new Differences(List.copyOf(missing), List.copyOf(unlisted));
  }

  boolean isEmpty() {
    return missing.isEmpty() && unlisted.isEmpty();
  }
}
