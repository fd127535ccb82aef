/**
 * Bytes become passages, and passages become chunks. Vectors and storage do not belong here. Read
 * {@code Extractor} first.
 */
@NullMarked
package dev.ragprocessor.extract;

import org.jspecify.annotations.NullMarked;
