package dev.ragprocessor.extract;

/**
 * What is embedded and stored: consecutive text of one document.
 *
 * @param index from 0, in reading order
 * @param text not blank, never cut inside a surrogate pair
 * @param place of its first passage
 * @param start the offset of its first character in the document's extracted text, in UTF-16 units
 * @param end the offset after its last character
 */
public record Chunk(int index, String text, Place place, int start, int end) {}
