package dev.ragprocessor.ingest;

import dev.ragprocessor.embed.MediaVectors;
import dev.ragprocessor.extract.media.MediaReader;
import org.jspecify.annotations.Nullable;

/**
 * The models that make media findable.
 *
 * @param reader makes text of them; borrowed, not closed
 * @param vectors makes vectors of the media themselves; null where only their text is searched
 */
public record MediaModels(MediaReader reader, @Nullable MediaVectors vectors) {}
