package dev.ragprocessor.db;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A connection that died in a scope's hands. */
@Name("dev.ragprocessor.db.ConnectionLost")
@Label("Connection Lost")
@Category({"rag-processor", "Connections"})
@Description("A connection that died in a scope's hands")
final class ConnectionLostEvent extends Event {
  @Label("Scope")
  String scope = "";

  @Label("SQLSTATE")
  String sqlState = "";

  @Label("Replaced")
  @Description("Whether the scope went on with a new connection")
  boolean replaced;

  static void commit(String scope, String sqlState, boolean replaced) {
    ConnectionLostEvent event = new ConnectionLostEvent();
    event.scope = scope;
    event.sqlState = sqlState;
    event.replaced = replaced;
    event.commit();
  }
}
