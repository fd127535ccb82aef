/** Compares ways to index vectors while they are written. Read {@code IndexBenchmark} first. */
@NullMarked
package dev.ragprocessor.bench.index;

import org.jspecify.annotations.NullMarked;
