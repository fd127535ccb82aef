/** Tests of the room {@code ingest}. */
@NullMarked
package dev.ragprocessor.ingest;

import org.jspecify.annotations.NullMarked;
