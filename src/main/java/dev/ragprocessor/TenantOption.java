package dev.ragprocessor;

import dev.ragprocessor.store.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose documents a command is about. */
final class TenantOption {
  @Option(
      names = "--tenant",
      paramLabel = "UUID",
      description = "Whose documents (default: ingest.default-tenant).")
  @Nullable UUID tenant;

  /** Promises the tenant that was named, else the configured one. */
  TenantId of(Configuration configuration) {
    UUID named = tenant;
    return named == null ? configuration.get(Settings.INGEST_DEFAULT_TENANT) : new TenantId(named);
  }
}
