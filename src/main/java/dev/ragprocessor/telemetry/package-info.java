/**
 * Metrics, health and logs: used by every room, knows none of them. Read {@code Telemetry} first.
 */
@NullMarked
package dev.ragprocessor.telemetry;

import org.jspecify.annotations.NullMarked;
