/**
 * The failures of RELIABILITY.md that this room must survive: a class a row, named by its number.
 */
@NullMarked
package dev.ragprocessor.db.matrix;

import org.jspecify.annotations.NullMarked;
