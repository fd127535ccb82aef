package dev.ragprocessor.ingest;

import dev.ragprocessor.store.ObjectId;
import dev.ragprocessor.store.TenantId;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Whose an object is: the first segment of its name when that is a UUID, else the default tenant.
 */
record Tenants(TenantId defaultTenant) {
  // UUID.fromString takes shorter forms as well, which are nobody's id.
  private static final Pattern UUID_FORM =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  TenantId of(ObjectId object) {
    int slash = object.name().indexOf('/');
    String first = slash < 0 ? "" : object.name().substring(0, slash);
    return UUID_FORM.matcher(first).matches()
        ? new TenantId(UUID.fromString(first))
        : defaultTenant;
  }
}
