/**
 * The composition root and the command line: everything is constructed here, in dependency order,
 * and closed in reverse. No behaviour of a room belongs here. Read {@code Main} first, then {@code
 * Application}.
 */
@NullMarked
package dev.ragprocessor;

import org.jspecify.annotations.NullMarked;
