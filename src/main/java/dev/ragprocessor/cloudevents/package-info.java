/**
 * The CloudEvents HTTP binding: headers and a body become a {@code StorageEvent}, or an error that
 * names the attribute. What is done about an event does not belong here. Read {@code
 * CloudEventReader} first.
 */
@NullMarked
package dev.ragprocessor.cloudevents;

import org.jspecify.annotations.NullMarked;
