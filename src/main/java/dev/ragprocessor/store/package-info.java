/**
 * Documents, chunks and jobs in SQL, on scopes of the room {@code db}; the migrations' SQL lies in
 * {@code db/migration} of the resources. When to call which belongs to {@code ingest}. Read {@code
 * Documents} first.
 */
@NullMarked
package dev.ragprocessor.store;

import org.jspecify.annotations.NullMarked;
