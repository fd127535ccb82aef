package dev.ragprocessor.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as people read it.
 *
 * @param index its place among the document's chunks, from 0
 * @param context where it stands, for a person; null when that was not told
 * @param metadata the JSON object that says where it stands
 */
public record ChunkView(
    UUID id, int index, String content, @Nullable String context, String metadata) {}
