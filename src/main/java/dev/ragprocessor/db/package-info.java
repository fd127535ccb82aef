/**
 * Database access that cannot leak: a block of code borrows one connection and one permit, and
 * gives both back when it ends, however it ends. Nothing here knows of documents or vectors'
 * meaning. Read {@code Database} first.
 */
@NullMarked
package dev.ragprocessor.db;

import org.jspecify.annotations.NullMarked;
