/**
 * Text becomes vectors, by a local ONNX model or by Gemini. Where vectors are kept and how they are
 * compared does not belong here. Read {@code TextEmbedder} first.
 */
@NullMarked
package dev.ragprocessor.embed;

import org.jspecify.annotations.NullMarked;
