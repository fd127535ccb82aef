package dev.ragprocessor.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A document as people see it.
 *
 * @param object its {@code gs://} path
 * @param status {@code uploading}, {@code processing}, {@code completed} or {@code error}
 * @param size in bytes
 * @param error why it has no chunks; null when it has
 */
public record DocumentView(
    UUID id,
    TenantId tenant,
    String object,
    String filename,
    long generation,
    String status,
    String mediaType,
    FileCategory category,
    long size,
    int chunkCount,
    @Nullable String error,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant processedAt) {}
