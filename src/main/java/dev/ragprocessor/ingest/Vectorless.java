package dev.ragprocessor.ingest;

import dev.ragprocessor.store.Unfilled;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Chunks that stay without a vector, and why: each as long as what its vector would be made from is
 * what it was. Safe for use by many threads.
 */
final class Vectorless {
  private final Map<UUID, Reason> reasons = new ConcurrentHashMap<>();

  void add(Unfilled chunk, String why) {
    reasons.put(chunk.id(), new Reason(chunk.digest(), why));
  }

  boolean has(Unfilled chunk) {
    Reason known = reasons.get(chunk.id());
    return known != null && known.digest().equals(chunk.digest());
  }

  boolean isEmpty() {
    return reasons.isEmpty();
  }

  /** For a person, by chunk. */
  Map<UUID, String> reasons() {
    return reasons.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, chunk -> chunk.getValue().why()));
  }

  /** Promises the digests of these and of others, by chunk. */
  Map<UUID, String> digestsWith(Vectorless others) {
    Map<UUID, String> digests = new HashMap<>();
    others.reasons.forEach((chunk, reason) -> digests.put(chunk, reason.digest()));
    reasons.forEach((chunk, reason) -> digests.put(chunk, reason.digest()));
    return digests;
  }

  private record Reason(String digest, String why) {}
}
