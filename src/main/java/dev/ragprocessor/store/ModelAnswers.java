package dev.ragprocessor.store;

import dev.ragprocessor.db.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code model_answers}: what models made of an object's bytes before the work on them
 * came to its end.
 */
public final class ModelAnswers {
  private ModelAnswers() {}

  /**
   * Promises all that is known of these bytes, by question.
   *
   * @param content which bytes of the object
   */
  public static Map<String, String> of(Scope db, ObjectId object, String content) {
    return db.query(
            "SELECT question, answer FROM model_answers WHERE object = ? AND content = ?",
            object.path(),
            content)
        .collect(
            Collectors.toMap(
                row -> Columns.text(row, "question"), row -> Columns.text(row, "answer")));
  }

  /** Promises that these answers are known; one that was known already is replaced. */
  public static void keep(Scope db, ObjectId object, String content, Map<String, String> answers) {
    List<@Nullable Object[]> rows = new ArrayList<>(answers.size());
    answers.forEach(
        (question, answer) ->
            rows.add(new @Nullable Object[] {object.path(), content, question, answer}));
    db.batch(
        """
        INSERT INTO model_answers (object, content, question, answer) VALUES (?, ?, ?, ?)
        ON CONFLICT (object, content, question) DO UPDATE SET
               answer = EXCLUDED.answer, made_at = now()
        """,
        rows);
  }

  /** Promises that nothing is known of the object, whichever bytes it had. */
  public static void forget(Scope db, ObjectId object) {
    db.dml("DELETE FROM model_answers WHERE object = ?", object.path());
  }

  /** Promises that at most {@code limit} answers older than {@code age} are gone. */
  public static long expire(Scope db, Duration age, int limit) {
    return db.dml(
        """
        DELETE FROM model_answers WHERE (object, content, question) IN (
          SELECT object, content, question FROM model_answers
           WHERE made_at < now() - make_interval(secs => ?) LIMIT ?)
        """,
        (double) age.toSeconds(),
        limit);
  }
}
