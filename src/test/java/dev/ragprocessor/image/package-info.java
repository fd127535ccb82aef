/**
 * What the container image is made and measured with: traffic as production has it, on one machine.
 * The build of the image runs {@code TrainingRun} from its source; read {@code Traffic} first.
 */
@NullMarked
package dev.ragprocessor.image;

import org.jspecify.annotations.NullMarked;
