/** Holds what the demo shows. */
@NullMarked
package dev.ragprocessor.db.demo;

import org.jspecify.annotations.NullMarked;
