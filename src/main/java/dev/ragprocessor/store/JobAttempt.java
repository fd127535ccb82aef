package dev.ragprocessor.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a job's history: an attempt that ended.
 *
 * @param generation that it was for; 0 when not known
 * @param attempt its number, from 1; a retry by a person counts anew
 * @param outcome {@code processed}, {@code error}, {@code retry} or {@code cancelled}
 * @param reason why; null when there is none
 */
public record JobAttempt(
    long generation, int attempt, String outcome, @Nullable String reason, Instant endedAt) {}
