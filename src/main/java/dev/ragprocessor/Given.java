package dev.ragprocessor;

/**
 * A value as somebody wrote it.
 *
 * @param text the value, not yet parsed
 * @param origin where it was written, for messages: {@code environment variable PORT}
 */
record Given(String text, String origin) {}
