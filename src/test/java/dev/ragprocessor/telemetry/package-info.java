/** Tests of the room {@code telemetry}. */
@NullMarked
package dev.ragprocessor.telemetry;

import org.jspecify.annotations.NullMarked;
