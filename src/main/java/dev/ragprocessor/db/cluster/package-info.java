/**
 * Finding or making a PostgreSQL with pgvector, and running a private cluster that ends with this
 * program. The pool and the scopes belong one package up. Read {@code PrivateCluster} first.
 */
@NullMarked
package dev.ragprocessor.db.cluster;

import org.jspecify.annotations.NullMarked;
