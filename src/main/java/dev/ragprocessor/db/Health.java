package dev.ragprocessor.db;

/** Whether the database can be used. Being busy is no illness: a saturated pool is up. */
public sealed interface Health {
  /** It answered a short while ago. */
  record Up() implements Health {}

  /**
   * It does not answer.
   *
   * @param reason what happened, fit for a person and free of secrets
   * @param verdict {@link Verdict#RETRYABLE} or {@link Verdict#MISCONFIGURED}
   */
  record Down(String reason, Verdict verdict) implements Health {}
}
