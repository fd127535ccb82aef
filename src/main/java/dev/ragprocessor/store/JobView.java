package dev.ragprocessor.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as people see it.
 *
 * @param object the {@code gs://} path of its object
 * @param generation that the work is for; 0 when not known
 * @param stage one of SCHEMA's stages
 * @param error the last reason; null when there is none
 * @param nextAttemptAt when a retry is due; null when none is
 */
public record JobView(
    UUID id,
    UUID documentId,
    TenantId tenant,
    String object,
    long generation,
    JobStatus status,
    String stage,
    int retryCount,
    @Nullable String error,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant completedAt) {}
