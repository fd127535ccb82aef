package dev.ragprocessor.db;

import io.helidon.dbclient.DbClientException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Every way in which a scope's block can end badly, each as a scope that does so. */
enum BadEnding {
  STREAM_LEFT_UNREAD {
    @Override
    void in(Database database) {
      database.execute(NAME, db -> db.query("SELECT generate_series(1, 100)").iterator().next());
    }
  },
  CHECKED_EXCEPTION {
    @Override
    void in(Database database) throws IOException {
      database.<@Nullable Object, IOException>inTransaction(
          NAME,
          db -> {
            db.get("SELECT 1");
            throw new IOException(NAME);
          });
    }
  },
  UNCHECKED_EXCEPTION {
    @Override
    void in(Database database) {
      database.inTransaction(
          NAME,
          db -> {
            db.get("SELECT 1");
            throw new UnsupportedOperationException(NAME);
          });
    }
  },
  ERROR {
    @Override
    void in(Database database) {
      database.inTransaction(
          NAME,
          db -> {
            db.get("SELECT 1");
            throw new LinkageError(NAME);
          });
    }
  },
  STACK_OVERFLOW {
    @Override
    void in(Database database) {
      database.inTransaction(NAME, db -> deeper(db.get("SELECT 1").isPresent() ? 1 : 0));
    }
  },
  BAD_SQL {
    @Override
    void in(Database database) {
      database.inTransaction(NAME, db -> db.get("SELECT no_such_column"));
    }
  },
  MISSING_PARAMETER {
    @Override
    void in(Database database) {
      database.execute(NAME, db -> db.createQuery("SELECT :missing").execute());
    }
  },
  TRANSACTION_BEGUN_BY_SQL {
    @Override
    void in(Database database) {
      database.execute(NAME, db -> db.dml("BEGIN"));
    }
  },
  INTERRUPTED_WHILE_WAITING {
    @Override
    void in(Database database) {
      Thread.currentThread().interrupt();
      database.execute(NAME, db -> db.get("SELECT 1"));
    }
  },
  INTERRUPTED_WHILE_RUNNING {
    @Override
    void in(Database database) {
      database.execute(
          NAME,
          db -> {
            Thread holder = Thread.currentThread();
            Thread.startVirtualThread(holder::interrupt);
            return db.get("SELECT pg_sleep(0.02)");
          });
    }
  },
  USED_AFTERWARDS {
    @Override
    void in(Database database) {
      AtomicReference<@Nullable Scope> escaped = new AtomicReference<>();
      database.execute(
          NAME,
          db -> {
            escaped.set(db);
            return db.get("SELECT 1");
          });
      Scope scope = escaped.get();
      if (scope != null) {
        scope.get("SELECT 1");
      }
    }
  },
  INNER_FAILURE_CAUGHT {
    @Override
    void in(Database database) {
      database.inTransaction(
          NAME,
          db -> {
            try {
              return database.inTransaction(NAME, inner -> inner.get("SELECT no_such_column"));
            } catch (DbClientException expected) {
              return expected;
            }
          });
    }
  };

  private static final String NAME = "badly";

  /**
   * Promises all ways in turn; those that cost a connection come in one round of eight only,
   * because the pool opens some twenty connections a second and no more.
   */
  static BadEnding of(int number) {
    BadEnding[] all = values();
    BadEnding way = all[number % all.length];
    boolean rare = way == TRANSACTION_BEGUN_BY_SQL || way == INTERRUPTED_WHILE_RUNNING;
    return rare && number / all.length % 8 != 0 ? STREAM_LEFT_UNREAD : way;
  }

  /** Promises a scope that ends in this way, or in the way that the server's trouble makes it. */
  abstract void in(Database database) throws IOException;

  private static int deeper(int depth) {
    return depth < 0 ? 0 : deeper(depth + 1) + depth;
  }
}
