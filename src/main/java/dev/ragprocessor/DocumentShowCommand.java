package dev.ragprocessor;

import dev.ragprocessor.store.DocumentView;
import dev.ragprocessor.store.TenantId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what is known of a document. */
@Command(mixinStandardHelpOptions = true, description = "Show what is known of a document.")
final class DocumentShowCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin AskingOptions asking = new AskingOptions();

  @Parameters(
      paramLabel = Subject.LABEL,
      converter = Subject.Converter.class,
      description = "Which, by id or by the object's path.")
  Subject subject = new Subject.ObjectPath("");

  DocumentShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = asking.configuration(terminal);
    TenantId tenant = asking.tenant(configuration);
    try (Ending ending = Ending.onSignal()) {
      Instance instance = asking.instance(configuration, terminal, ending.closables());
      Optional<DocumentView> found =
          subject.document(instance, tenant).flatMap(id -> instance.document(tenant, id));
      if (found.isEmpty()) {
        terminal.say("%s: tenant %s has no such document", subject, tenant);
        return Exit.FAILED;
      }
      show(found.get());
      return Exit.DONE;
    }
  }

  private void show(DocumentView document) {
    Facts.of(terminal)
        .say("document", document.id())
        .say("object", document.object())
        .say("generation", document.generation())
        .say("status", document.status())
        .say("reason", document.error())
        .say("type", document.mediaType())
        .say("bytes", document.size())
        .say("passages", document.chunkCount())
        .say("created", document.createdAt())
        .say("updated", document.updatedAt())
        .say("processed", document.processedAt());
  }
}
