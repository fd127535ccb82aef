/** Real parts for tests: servers, stand-ins over the real protocol, and invariants. */
@NullMarked
package dev.ragprocessor.testing;

import org.jspecify.annotations.NullMarked;
