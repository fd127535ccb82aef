package dev.ragprocessor.store;

import java.util.UUID;

/** The owner of a document, {@code user_id} in the tables. */
public record TenantId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
