/** Media as models read them, by the real SDK against a stand-in. */
@NullMarked
package dev.ragprocessor.extract.media;

import org.jspecify.annotations.NullMarked;
