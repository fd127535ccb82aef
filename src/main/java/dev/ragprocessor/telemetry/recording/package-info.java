/**
 * JFR recordings of this process: what they hold, and one that is started, stopped and read while
 * the process works. What a recording says is read by {@code profile}. Read {@code Recordings}
 * first.
 */
@NullMarked
package dev.ragprocessor.telemetry.recording;

import org.jspecify.annotations.NullMarked;
