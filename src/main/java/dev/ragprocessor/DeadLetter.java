package dev.ragprocessor;

/**
 * A message that nobody could deliver.
 *
 * @param name what a person calls it by: its id, or its line, and its object where it names one
 * @param handle what its source knows it by
 * @param contentType of the body
 * @param body a delivery, as the service takes it
 */
record DeadLetter(String name, String handle, String contentType, String body) {
  static final String PUSH = "application/json";
  static final String EVENT = "application/cloudevents+json";
}
