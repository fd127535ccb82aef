/** Tests of the room {@code store}. */
@NullMarked
package dev.ragprocessor.store;

import org.jspecify.annotations.NullMarked;
