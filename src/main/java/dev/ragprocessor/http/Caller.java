package dev.ragprocessor.http;

import dev.ragprocessor.store.TenantId;

/** Who makes a request. */
sealed interface Caller {
  /** Nobody asked; which tenant it is about is what the request says. */
  record Anyone() implements Caller {}

  /** A token says who it is, and nothing of a tenant. */
  record Known(String subject) implements Caller {}

  /** A token says who it is and of which tenant. */
  record Member(String subject, TenantId tenant) implements Caller {}
}
