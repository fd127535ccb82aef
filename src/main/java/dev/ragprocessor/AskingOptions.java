package dev.ragprocessor;

import dev.ragprocessor.store.TenantId;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that asks an instance about a tenant's jobs and documents. */
final class AskingOptions {
  @Mixin ConfigurationOptions options = new ConfigurationOptions();
  @Mixin TenantOption tenants = new TenantOption();
  @Mixin TokenOption tokens = new TokenOption();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Ask the service at this address (default: the one that serves on this machine, else the"
              + " database itself).")
  @Nullable URI url;

  /** Promises the configuration that the other options are read over. */
  Configuration configuration(Terminal terminal) {
    return options.read(terminal.environment());
  }

  /** Promises whom to ask; what it opens is closed with {@code closables}. */
  Instance instance(Configuration configuration, Terminal terminal, Closables closables) {
    URI address = url;
    return address == null
        ? Instances.asking(configuration, terminal, closables)
        : new OtherInstance(address, tokens.token());
  }

  /** Promises whose jobs and documents are meant. */
  TenantId tenant(Configuration configuration) {
    return tenants.of(configuration);
  }
}
