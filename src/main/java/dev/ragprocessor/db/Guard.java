package dev.ragprocessor.db;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;

/**
 * Stands between Helidon's database client and one JDBC object of a hold: it lets through what the
 * client needs, and nothing once the scope has ended or from another thread.
 *
 * <p>Dynamic proxies, because the three JDBC interfaces have more than 350 methods between them, of
 * which the client uses about twenty. They are made for statements, each of which costs a round
 * trip that is a hundred times dearer; a scope itself needs none.
 */
final class Guard implements InvocationHandler {
  private final Hold hold;
  private final Object target;

  private Guard(Hold hold, Object target) {
    this.hold = hold;
    this.target = target;
  }

  /** Promises a connection that only prepares statements. */
  static Connection connection(Hold hold) {
    return guarded(Connection.class, new Guard(hold, hold.connection()));
  }

  private static <T> T guarded(Class<T> type, Guard guard) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, guard));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return switch (method.getName()) {
      case "toString" -> "guarded " + target.getClass().getSimpleName() + " of " + hold.name();
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" ->
          arguments != null
              && arguments[0] instanceof Proxy other
              && Proxy.getInvocationHandler(other) == this;
      // The client closes what it prepared; the connection is the scope's to give back.
      case "close" -> target instanceof Connection || !hold.open() ? null : call(method, arguments);
      case "isClosed" -> !hold.open() || Boolean.TRUE.equals(call(method, arguments));
      // The client sets it before every statement. With a transaction open the driver would commit.
      case "setAutoCommit" -> null;
      case "unwrap",
          "isWrapperFor",
          "getConnection",
          "getStatement",
          "abort",
          "beginRequest",
          "commit",
          "endRequest",
          "releaseSavepoint",
          "rollback",
          "setCatalog",
          "setClientInfo",
          "setHoldability",
          "setNetworkTimeout",
          "setReadOnly",
          "setSavepoint",
          "setSchema",
          "setShardingKey",
          "setShardingKeyIfValid",
          "setTransactionIsolation",
          "setTypeMap" ->
          throw new UnsupportedOperationException(
              "%s is the scope's own: the connection of %s is lent, not given"
                  .formatted(method.getName(), hold.name()));
      default -> guardedResult(call(method, arguments));
    };
  }

  private @Nullable Object guardedResult(@Nullable Object result) {
    return switch (result) {
      case PreparedStatement statement -> {
        hold.countStatement();
        yield guarded(PreparedStatement.class, new Guard(hold, statement));
      }
      case ResultSet rows -> guarded(ResultSet.class, new Guard(hold, rows));
      case null, default -> result;
    };
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    hold.check();
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getCause() == null ? failure : failure.getCause();
    }
  }
}
