/**
 * Measures events a second beside what the database itself allows. Read {@code LoadBenchmark}
 * first.
 */
@NullMarked
package dev.ragprocessor.bench.load;

import org.jspecify.annotations.NullMarked;
