/** Holds the reader of events to the wire formats that really arrive. */
@NullMarked
package dev.ragprocessor.cloudevents;

import org.jspecify.annotations.NullMarked;
