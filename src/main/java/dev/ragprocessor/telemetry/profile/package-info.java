/**
 * Reads a JFR recording of the service and says what stands out in it: as text for a terminal, and
 * as one HTML file with plots. It knows events by their names and needs nothing but the file. Read
 * {@code Profile} first.
 */
@NullMarked
package dev.ragprocessor.telemetry.profile;

import org.jspecify.annotations.NullMarked;
