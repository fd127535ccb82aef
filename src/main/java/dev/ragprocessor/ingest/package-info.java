/**
 * One storage event becomes one {@code Outcome}: claim, fetch, extract, chunk, embed, store, and
 * the policy of what is tried again. How any of these steps is done belongs to the room of that
 * step. Read {@code Ingestion} first.
 */
@NullMarked
package dev.ragprocessor.ingest;

import org.jspecify.annotations.NullMarked;
