/** Tests of the report on a recording. */
@NullMarked
package dev.ragprocessor.telemetry.profile;

import org.jspecify.annotations.NullMarked;
