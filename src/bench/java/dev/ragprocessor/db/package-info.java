/** Measures what only this room can reach. Run by {@code dev.ragprocessor.bench}. */
@NullMarked
package dev.ragprocessor.db;

import org.jspecify.annotations.NullMarked;
