/**
 * A question becomes ranked passages. Storing chunks or making vectors does not belong here. Read
 * {@code Search} first.
 */
@NullMarked
package dev.ragprocessor.search;

import org.jspecify.annotations.NullMarked;
