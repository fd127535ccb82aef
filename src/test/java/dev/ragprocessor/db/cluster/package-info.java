/** Tests of finding, making and ending a private cluster. */
@NullMarked
package dev.ragprocessor.db.cluster;

import org.jspecify.annotations.NullMarked;
