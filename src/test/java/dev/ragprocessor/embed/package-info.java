/** Tests of the room embed. */
@NullMarked
package dev.ragprocessor.embed;

import org.jspecify.annotations.NullMarked;
