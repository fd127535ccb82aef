package dev.ragprocessor;

import dev.ragprocessor.bucket.BucketException;
import dev.ragprocessor.bucket.SubscriptionException;
import dev.ragprocessor.db.DatabaseConnectionException;
import dev.ragprocessor.db.cluster.ClusterException;
import dev.ragprocessor.embed.EmbeddingException;
import dev.ragprocessor.http.PortUnavailableException;
import dev.ragprocessor.store.InactiveSpaceException;
import dev.ragprocessor.store.SchemaOutdatedException;
import dev.ragprocessor.store.SpaceMismatchException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a person what stopped a command, and decides its exit status by the kind of failure. */
record Failures(Terminal terminal) implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    return switch (failure) {
      case ConfigurationException wrong -> tell(wrong, Exit.USAGE);
      case SpaceMismatchException wrong -> tell(wrong, Exit.USAGE);
      case InactiveSpaceException wrong -> tell(wrong, Exit.USAGE);
      case SchemaOutdatedException outdated -> tell(outdated, Exit.UNAVAILABLE);
      case PortUnavailableException taken -> tell(taken, Exit.UNAVAILABLE);
      case ClusterException missing -> tell(missing, Exit.UNAVAILABLE);
      case DatabaseConnectionException missing -> tell(missing, Exit.UNAVAILABLE);
      case BucketException missing -> tell(missing, Exit.UNAVAILABLE);
      case SubscriptionException missing -> tell(missing, Exit.UNAVAILABLE);
      case OtherInstanceException missing -> tell(missing, Exit.UNAVAILABLE);
      case EmbeddingException missing -> tell(missing, Exit.UNAVAILABLE);
      // A fault of the program's own: with its stack, for whoever mends it.
      default -> throw failure;
    };
  }

  private int tell(Exception failure, int status) {
    terminal.tell("%s", String.valueOf(failure.getMessage()));
    return status;
  }
}
