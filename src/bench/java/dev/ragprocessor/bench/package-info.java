/** Measures what is published about the scopes. Read {@code ScopeBenchmarks} first. */
@NullMarked
package dev.ragprocessor.bench;

import org.jspecify.annotations.NullMarked;
