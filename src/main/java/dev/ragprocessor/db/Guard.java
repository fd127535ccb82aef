package dev.ragprocessor.db;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands between Helidon's database client and one JDBC object of a hold: it lets through what the
 * client needs, and nothing once the scope has ended or from another thread. The first statement of
 * a transaction is written down until it has run, so that it can be sent again when it turns out
 * that the connection had died.
 *
 * <p>Dynamic proxies, because the three JDBC interfaces have more than 350 methods between them, of
 * which the client uses about twenty. They are made for statements, each of which costs a round
 * trip that is a hundred times dearer; a scope itself needs none.
 */
final class Guard implements InvocationHandler {
  private final Hold hold;
  private Object target;

  /** The calls that made a first statement what it is, from its preparation on; else null. */
  private @Nullable List<Call> script;

  private static final class Call {
    private final Method method;
    private final Object @Nullable [] arguments;

    Call(Method method, Object @Nullable [] arguments) {
      this.method = method;
      this.arguments = arguments;
    }

    @Nullable Object on(Object target) throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException failure) {
        throw failure.getCause() == null ? failure : failure.getCause();
      }
    }

    boolean executes() {
      return method.getName().startsWith("execute");
    }
  }

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
    Call call = new Call(method, arguments);
    return switch (method.getName()) {
      case "toString" -> "guarded " + target.getClass().getSimpleName() + " of " + hold.name();
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" ->
          arguments != null
              && arguments[0] instanceof Proxy other
              && Proxy.getInvocationHandler(other) == this;
      // The client closes what it prepared; the connection is the scope's to give back.
      case "close" -> target instanceof Connection || !hold.open() ? null : checked(call);
      case "isClosed" -> !hold.open() || Boolean.TRUE.equals(checked(call));
      // The client sets it before every statement. With a transaction open the driver would commit.
      case "setAutoCommit" -> null;
      case "prepareStatement" -> prepare(call);
      default -> {
        if (target instanceof Connection || refused(method)) {
          throw new UnsupportedOperationException(
              "%s is the scope's own: the connection of %s is lent, not given"
                  .formatted(method.getName(), hold.name()));
        }
        Object result = checked(call);
        yield result instanceof ResultSet rows
            ? guarded(ResultSet.class, new Guard(hold, rows))
            : result;
      }
    };
  }

  /** What would lead from a statement or its rows back to the connection. */
  private static boolean refused(Method method) {
    return switch (method.getName()) {
      case "unwrap", "isWrapperFor", "getConnection", "getStatement" -> true;
      default -> false;
    };
  }

  private PreparedStatement prepare(Call call) throws Throwable {
    target = hold.connectionForStatement();
    Guard statement = new Guard(hold, prepared(call, target));
    if (hold.isRepeatableFirst()) {
      statement.script = new ArrayList<>(List.of(call));
    }
    return guarded(PreparedStatement.class, statement);
  }

  private static Object prepared(Call call, Object connection) throws Throwable {
    Object statement = call.on(connection);
    if (statement == null) {
      throw new IllegalStateException("the driver prepared nothing");
    }
    return statement;
  }

  private @Nullable Object checked(Call call) throws Throwable {
    hold.check();
    List<Call> first = script;
    if (call.executes()) {
      script = null; // only its first execution has nothing before it
    } else if (first != null) {
      first.add(call);
    }
    try {
      return asked(call);
    } catch (SQLException failure) {
      if (first == null || !call.executes() || !hold.mayRepeatFirst(failure)) {
        hold.statementFailed(failure);
        throw failure;
      }
      target = prepared(first.getFirst(), hold.reconnect(failure));
      for (Call setting : first.subList(1, first.size())) {
        setting.on(target);
      }
      return asked(call);
    }
  }

  private @Nullable Object asked(Call call) throws Throwable {
    if (!call.executes()) {
      return call.on(target);
    }
    hold.asks();
    try {
      return call.on(target);
    } finally {
      hold.answered();
    }
  }
}
