package dev.ragprocessor;

import dev.ragprocessor.store.TenantId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a command that asks an instance about a tenant's jobs and documents. */
final class AskingOptions {
  @Mixin ConfigurationOptions options = new ConfigurationOptions();
  @Mixin TenantOption tenants = new TenantOption();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Ask the service at this address (default: the one that serves on this machine, else the"
              + " database itself).")
  @Nullable URI url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token that the service wants to see (auth.api = oidc).")
  @Nullable Path tokenFile;

  /** Promises the configuration that the other options are read over. */
  Configuration configuration(Terminal terminal) {
    return options.read(terminal.environment());
  }

  /** Promises whom to ask; what it opens is closed with {@code closables}. */
  Instance instance(Configuration configuration, Terminal terminal, Closables closables) {
    URI address = url;
    return address == null
        ? Instances.asking(configuration, terminal, closables)
        : new OtherInstance(address, token());
  }

  /** Promises whose jobs and documents are meant. */
  TenantId tenant(Configuration configuration) {
    return tenants.of(configuration);
  }

  private String token() {
    Path file = tokenFile;
    if (file == null) {
      return "";
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of("--token-file %s cannot be read: %s".formatted(file, e)));
    }
  }
}
