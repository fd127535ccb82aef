/**
 * Reading objects where they live: Cloud Storage over its JSON API, or a directory; and the
 * messages about them that could not be delivered. What is inside an object does not belong here.
 * Read {@code ObjectStore} first.
 */
@NullMarked
package dev.ragprocessor.bucket;

import org.jspecify.annotations.NullMarked;
