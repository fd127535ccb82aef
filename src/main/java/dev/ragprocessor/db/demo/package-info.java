/**
 * The story of this program, to be watched: the same mistakes made over a plain pool, which dies of
 * them, and over scopes, which do not. Nothing here is used by the service. Read {@code LeakDemo}
 * first.
 */
@NullMarked
package dev.ragprocessor.db.demo;

import org.jspecify.annotations.NullMarked;
