package dev.ragprocessor;

import dev.ragprocessor.store.ObjectId;
import java.util.function.Supplier;

/**
 * An event about an object that this program makes itself.
 *
 * @param attempt delivers it once; blocks until that is answered
 */
record Delivery(ObjectId object, Supplier<Delivered> attempt) {}
