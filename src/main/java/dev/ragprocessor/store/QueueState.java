package dev.ragprocessor.store;

import java.time.Duration;

/**
 * The jobs that have not ended, of all replicas together.
 *
 * @param processing at work somewhere
 * @param waiting for their next attempt
 * @param due those of both that anybody may take up now
 * @param oldest how long ago the work on the oldest of them began; zero where there is none
 * @param overdue for how long the one that waits longest could have been taken up, by its retry's
 *     time or because its lease ran out; zero where there is none
 */
public record QueueState(
    long processing, long waiting, long due, Duration oldest, Duration overdue) {}
