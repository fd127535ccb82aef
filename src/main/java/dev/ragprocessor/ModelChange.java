package dev.ragprocessor;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.ingest.Reindexing;
import dev.ragprocessor.store.ActiveSpace;
import dev.ragprocessor.store.OldSpaces;
import dev.ragprocessor.store.SegmentIndexes;
import dev.ragprocessor.store.Space;
import dev.ragprocessor.store.SpaceFilling;
import dev.ragprocessor.store.SpaceKind;

/** The steps from one model of a kind to another, told to a person. */
record ModelChange(
    Configuration configuration,
    Composition parts,
    DatabaseEndpoint endpoint,
    Database database,
    SpaceKind kind,
    Terminal terminal) {
  private static final int REMOVED_AT_ONCE = 1_000;

  /**
   * How far to go.
   *
   * @param switched whether searches are to use the new space
   * @param withoutRefused whether chunks that the model refuses may stay without a vector
   * @param removesOld whether the vectors of former models are removed then
   */
  record Goal(boolean switched, boolean withoutRefused, boolean removesOld) {
    static final Goal FILLED = new Goal(false, false, false);
  }

  /** Promises the place for the vectors of a space. */
  ActiveSpace prepare(Space wanted) {
    String adoptedModel =
        configuration.get(
            switch (kind) {
              case TEXT -> Settings.EMBEDDER_ADOPTED_MODEL;
              case MULTIMODAL -> Settings.MULTIMODAL_ADOPTED_MODEL;
            });
    return database.inTransaction(
        "reindex.prepare", db -> SpaceFilling.prepare(db, kind, wanted, adoptedModel));
  }

  /** Promises that the goal is reached, or says what is in the way, by the exit status as well. */
  int run(Reindexing<?> reindexing, ActiveSpace space, Goal goal) throws InterruptedException {
    String name =
        "\"%s\" with %d dimensions".formatted(space.space().model(), space.space().dimensions());
    fill(reindexing, name);
    if (!reindexing.ended()) {
      if (kind == SpaceKind.TEXT) {
        // What has been filled is sealed, so that it has an index before it is searched.
        database.execute("reindex.seal", SegmentIndexes::seal);
      }
      parts.index(endpoint, database, space);
    }
    if (!reindexing.ended() && goal.switched() && reindexing.foundNothing()) {
      terminal.say(
          "Not switched: not one object was found as it is stored; is the bucket the right one?");
      return Exit.FAILED;
    }
    boolean reached =
        !reindexing.ended() && (!goal.switched() || reindexing.switchOver(goal.withoutRefused()));
    if (reindexing.ended()) {
      terminal.say("Ended; what is made is stored, and the same command goes on from there.");
      return Exit.FAILED;
    }
    if (!goal.switched()) {
      terminal.say("Every %s has its vector of %s; searches have not changed.", subject(), name);
      return reindexing.refused().isEmpty() ? Exit.DONE : Exit.FAILED;
    }
    if (!reached) {
      terminal.say(
          "%s",
          reindexing.refused().isEmpty()
              ? "Not switched: another program goes on storing chunks; run it again."
              : "Not switched: the model refuses %,d chunks; with --without-refused they are found %s."
                  .formatted(
                      reindexing.refused().size(),
                      switch (kind) {
                        case TEXT -> "no more";
                        case MULTIMODAL -> "by their text only";
                      }));
      return Exit.FAILED;
    }
    terminal.say("Searches use %s from now on; start every replica with it.", name);
    if (goal.removesOld()) {
      removeOld(space);
    }
    return Exit.DONE;
  }

  private String subject() {
    return switch (kind) {
      case TEXT -> "chunk";
      case MULTIMODAL -> "medium";
    };
  }

  private void fill(Reindexing<?> reindexing, String name) throws InterruptedException {
    long chunks = database.<Long, RuntimeException>execute("reindex.count", SpaceFilling::chunks);
    terminal.tell(
        "%s",
        switch (kind) {
          case TEXT -> "%,d chunks are to have vectors of %s".formatted(chunks, name);
          case MULTIMODAL ->
              "what among %,d chunks is about media is to have vectors of %s"
                  .formatted(chunks, name);
        });
    try (Progress progress = Progress.of(terminal, "chunks", Math.max(1, chunks))) {
      long stored =
          reindexing.pass(
              lookedAt -> {
                for (long i = 0; i < lookedAt; i++) {
                  progress.step();
                }
              });
      terminal.tell("%,d vectors were made now", stored);
    }
  }

  private void removeOld(ActiveSpace space) {
    long spaces =
        database.<Long, RuntimeException>inTransaction(
            "reindex.forget", db -> OldSpaces.forget(db, kind));
    long removed = 0;
    long some;
    do {
      some =
          database.<Long, RuntimeException>inTransaction(
              "reindex.remove", db -> OldSpaces.remove(db, space, REMOVED_AT_ONCE));
      removed += some;
    } while (some > 0);
    parts.index(endpoint, () -> database.execute("reindex.unindex", OldSpaces::indexStatements));
    terminal.say("%,d vectors of %,d former models are removed.", removed, spaces);
  }
}
