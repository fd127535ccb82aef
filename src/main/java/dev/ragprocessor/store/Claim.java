package dev.ragprocessor.store;

import java.util.UUID;

/**
 * The right to work on a job, for as long as its lease lasts and nobody raised its fencing token.
 *
 * @param object the object at the generation that the job is for
 * @param metageneration of that generation
 * @param size of the object in bytes, as far as known
 * @param mediaType of the object, as far as known
 * @param attempt the number of this attempt, from 1
 */
public record Claim(
    UUID jobId,
    ObjectId object,
    long metageneration,
    long size,
    String mediaType,
    long fencingToken,
    int attempt) {}
