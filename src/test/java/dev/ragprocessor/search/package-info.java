/** Tests of the room {@code search}. */
@NullMarked
package dev.ragprocessor.search;

import org.jspecify.annotations.NullMarked;
