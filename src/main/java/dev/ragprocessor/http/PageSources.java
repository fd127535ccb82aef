package dev.ragprocessor.http;

import dev.ragprocessor.bucket.DirectoryBuckets;
import dev.ragprocessor.db.PoolState;
import dev.ragprocessor.store.TenantId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows and offers beyond what the API has.
 *
 * @param version of the program
 * @param tenant whose things are shown to callers on this machine until they name another
 * @param pool how the pool is doing at this moment; never blocks
 * @param uploads where files are put; null where nobody watches a directory, so that it would bring
 *     about nothing
 */
public record PageSources(
    String version, TenantId tenant, Supplier<PoolState> pool, @Nullable Uploads uploads) {

  /**
   * Where files are put.
   *
   * @param buckets stays the caller's
   * @param maxBytes of one file, 1 or more
   */
  public record Uploads(DirectoryBuckets buckets, long maxBytes) {}
}
