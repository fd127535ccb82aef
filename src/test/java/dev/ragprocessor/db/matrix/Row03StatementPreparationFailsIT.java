package dev.ragprocessor.db.matrix;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ragprocessor.db.Scope;
import dev.ragprocessor.db.Verdict;
import dev.ragprocessor.testing.OpenDatabase;
import io.helidon.dbclient.DbClientException;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Preparing a statement fails after the connection was borrowed. */
class Row03StatementPreparationFailsIT {
  private static final int SIZE = 2;

  @RegisterExtension static final OpenDatabase open = OpenDatabase.ofSize(SIZE);

  enum Mistake {
    MISSING_NAMED_PARAMETER {
      @Override
      Object make(Scope db) {
        return db.createQuery("SELECT :a").addParam("b", 1).execute().toList();
      }
    },
    TOO_MANY_PARAMETERS {
      @Override
      Object make(Scope db) {
        return db.query("SELECT ?", 1, 2).toList();
      }
    },
    PARAMETER_WITHOUT_A_TYPE {
      @Override
      Object make(Scope db) {
        return db.query("SELECT ?", new Object()).toList();
      }
    },
    CAST_MISTAKEN_FOR_A_PARAMETER {
      @Override
      Object make(Scope db) {
        return db.createQuery("SELECT :a::int").addParam("a", 1).execute().toList();
      }
    },
    INSERT_WITH_A_MISSING_PARAMETER {
      @Override
      Object make(Scope db) {
        return db.createInsert("INSERT INTO t VALUES (:a)").addParam("b", 1).execute();
      }
    },
    BATCH_WITH_TOO_MANY_PARAMETERS {
      @Override
      Object make(Scope db) {
        List<@Nullable Object[]> rows = List.<@Nullable Object[]>of(new @Nullable Object[] {1, 2});
        return db.batch("SELECT ?", rows);
      }
    };

    abstract Object make(Scope db);
  }

  @ParameterizedTest
  @EnumSource
  void fails_as_permanent_twice_as_often_as_there_are_connections(Mistake mistake) {
    for (int call = 0; call < 2 * SIZE; call++) {
      assertThatThrownBy(() -> open.database().execute(mistake::make))
          .isInstanceOf(DbClientException.class)
          .satisfies(
              failure -> Assertions.assertThat(Verdict.of(failure)).isEqualTo(Verdict.PERMANENT));
    }
  }
}
