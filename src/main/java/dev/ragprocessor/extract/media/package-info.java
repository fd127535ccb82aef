/**
 * Images, sound and video become text, by a model that sees and hears. Their vectors do not belong
 * here. Read {@code MediaReader} first.
 */
@NullMarked
package dev.ragprocessor.extract.media;

import org.jspecify.annotations.NullMarked;
