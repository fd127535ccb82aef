/**
 * What every room tells of its work: the trail that relates it, JFR events, recordings and their
 * report. It knows none of the rooms. Read {@code Trail} first.
 */
@NullMarked
package dev.ragprocessor.telemetry;

import org.jspecify.annotations.NullMarked;
