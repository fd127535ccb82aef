/** Holds the server to its contract over real sockets. */
@NullMarked
package dev.ragprocessor.http;

import org.jspecify.annotations.NullMarked;
