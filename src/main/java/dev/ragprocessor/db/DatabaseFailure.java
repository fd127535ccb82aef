package dev.ragprocessor.db;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.postgresql.util.PSQLException;

/**
 * What the database had against something, for those who may not know of SQL.
 *
 * @param verdict what it means for the one who asked
 * @param reason a sentence that is fit for people: no statement, no parameter, no credentials
 * @param missing the foreign key whose row is missing; empty when that is not what is wrong
 */
public record DatabaseFailure(Verdict verdict, String reason, String missing) {
  private static final String FOREIGN_KEY = "23503";

  /** Promises the failure of the database among the causes of what was thrown, if there is one. */
  public static Optional<DatabaseFailure> in(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof DatabaseException ours) {
        return Optional.of(new DatabaseFailure(ours.verdict(), message(ours), ""));
      }
      if (at instanceof SQLException sql) {
        return Optional.of(
            new DatabaseFailure(
                Verdict.of(sql),
                "the database refused (SQLSTATE %s)"
                    .formatted(Objects.requireNonNullElse(sql.getSQLState(), "unknown")),
                missing(sql)));
      }
    }
    return Optional.empty();
  }

  private static String missing(SQLException failure) {
    if (!FOREIGN_KEY.equals(failure.getSQLState())
        || !(failure instanceof PSQLException told)
        || told.getServerErrorMessage() == null) {
      return "";
    }
    String constraint = told.getServerErrorMessage().getConstraint();
    return constraint == null ? "unknown" : constraint;
  }

  private static String message(DatabaseException ours) {
    return Objects.requireNonNullElse(ours.getMessage(), ours.getClass().getSimpleName());
  }
}
