/**
 * Many processes of the program over one database, as a cluster runs them. Read {@code RollingIT}
 * first.
 */
@NullMarked
package dev.ragprocessor.fleet;

import org.jspecify.annotations.NullMarked;
