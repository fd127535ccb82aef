package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Database;
import dev.ragprocessor.testing.OpenDatabase;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The block ends by an exception or an error of any kind. */
class Row05ExceptionInTheBlockIT {
  private static final int SIZE = 2;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(SIZE);

  static Throwable[] thrown() {
    return new Throwable[] {
      new IOException("checked"),
      new IllegalArgumentException("unchecked"),
      new OutOfMemoryError("thrown by the test"),
      new AssertionError("thrown by the test"),
      new LinkageError("thrown by the test")
    };
  }

  @ParameterizedTest
  @MethodSource
  void thrown(Throwable failure) {
    for (int call = 0; call < 2 * SIZE; call++) {
      assertThatThrownBy(
              () ->
                  open.database()
                      .<@Nullable Object, Exception>inTransaction(
                          db -> {
                            Backends.pid(db);
                            return raise(failure);
                          }))
          .isSameAs(failure)
          .hasNoSuppressedExceptions();
    }
  }

  @Test
  void a_stack_that_overflows_inside_the_block_gives_back() {
    for (int call = 0; call < 2 * SIZE; call++) {
      assertThatThrownBy(() -> open.database().execute(db -> deeper(Backends.pid(db))))
          .isInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void a_stack_that_overflows_anywhere_in_a_scope_gives_back() throws InterruptedException {
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                enterAtEveryDepth(open.database(), 0);
              } catch (StackOverflowError expected) {
                assertThat(expected).isNotNull();
              }
            },
            "deep",
            512 * 1024);
    thread.start();
    thread.join();
  }

  /** Opens a scope in every frame down to the last, where it overflows somewhere on its way. */
  private static int enterAtEveryDepth(Database database, int depth) {
    int below = 0;
    try {
      below = depth < 0 ? 0 : enterAtEveryDepth(database, depth + 1);
    } finally {
      try {
        below += database.<Integer, RuntimeException>execute(db -> 1);
      } catch (StackOverflowError expected) {
        below++;
      }
    }
    return below;
  }

  private static int deeper(int depth) {
    return depth < 0 ? 0 : deeper(depth + 1) + depth;
  }

  private static @Nullable Object raise(Throwable failure) throws Exception {
    switch (failure) {
      case Exception exception -> throw exception;
      case Error error -> throw error;
      default -> throw new AssertionError(failure);
    }
  }
}
