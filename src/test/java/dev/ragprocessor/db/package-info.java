/** Tests of the scopes and of what they are made of. */
@NullMarked
package dev.ragprocessor.db;

import org.jspecify.annotations.NullMarked;
