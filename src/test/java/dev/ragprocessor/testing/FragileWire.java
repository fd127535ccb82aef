package dev.ragprocessor.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loopback port in front of a PostgreSQL server whose connections end at a statement of the
 * test's choice, as if its backend had been killed there: before the server has heard the whole of
 * it, or after it has been executed and before its answer arrives. It counts the statements of all
 * its connections together, by the messages that end one in PostgreSQL's protocol (Sync and Query).
 * Safe for use by many threads.
 */
public final class FragileWire implements Closeable {
  /** Where a connection ends. */
  public enum Cut {
    /** The statement never comes to an end at the server, which undoes what it began. */
    BEFORE_THE_STATEMENT,
    /** The statement is executed, a commit included, and nobody learns of it. */
    BEFORE_THE_ANSWER
  }

  /** The codes of SSLRequest and GSSENCRequest in PostgreSQL's protocol, message formats. */
  private static final Set<Integer> ENCRYPTION_REQUESTS = Set.of(80877103, 80877104);

  private final ServerSocket door = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
  private final Set<Line> lines = ConcurrentHashMap.newKeySet();
  private final AtomicInteger statementsLeft = new AtomicInteger();
  private final int upstream;
  private volatile Cut cut = Cut.BEFORE_THE_STATEMENT;

  /** Promises a wire to the server of this JDBC URL that holds until it is told otherwise. */
  public FragileWire(String jdbcUrl) throws IOException {
    upstream = URI.create(jdbcUrl.substring("jdbc:".length())).getPort();
    Thread.ofVirtual().name("fragile wire").start(this::acceptAll);
  }

  /** Promises the same URL through this wire. */
  public String through(String jdbcUrl) {
    return jdbcUrl.replaceFirst(":" + upstream + "/", ":" + door.getLocalPort() + "/");
  }

  /** Ends the connection that sends the {@code statement}th statement from now on, from 1. */
  public void breakAt(int statement, Cut where) {
    cut = where;
    statementsLeft.set(statement);
  }

  /** Lets every connection live, but for those that have ended. */
  public void hold() {
    statementsLeft.set(0);
  }

  /** Ends every connection at once. */
  public void breakNow() {
    lines.forEach(Line::end);
  }

  private void acceptAll() {
    while (!door.isClosed()) {
      try {
        Line line = new Line(door.accept(), new Socket(door.getInetAddress(), upstream));
        lines.add(line);
        Thread.startVirtualThread(line::forward);
      } catch (IOException closed) {
        close();
      }
    }
  }

  /** Ends every connection and the port. */
  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException closed) {
      assert door.isClosed() : closed;
    }
    breakNow();
  }

  private boolean isTheLast() {
    return statementsLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 1;
  }

  /** One connection: a client's and the server's socket. */
  private final class Line {
    private final Socket client;
    private final Socket server;
    private volatile boolean unheard;

    Line(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void forward() {
      try (client;
          server) {
        DataInputStream in = in(client);
        DataOutputStream out = out(server);
        startUp(in, out);
        Thread.startVirtualThread(this::back);
        for (int type = in.read(); type >= 0; type = in.read()) {
          boolean ends = (type == 'S' || type == 'Q') && isTheLast();
          if (ends && cut == Cut.BEFORE_THE_STATEMENT) {
            return;
          }
          unheard = unheard || ends;
          message(type, in, out);
          if (in.available() == 0) {
            out.flush();
          }
        }
      } catch (IOException gone) {
        end(); // one side went first, which is what this class is for
      } finally {
        lines.remove(this);
      }
    }

    private void back() {
      try (client;
          server) {
        DataInputStream in = in(server);
        DataOutputStream out = out(client);
        for (int type = in.read(); type >= 0; type = in.read()) {
          if (unheard && type == 'Z') {
            return;
          }
          message(
              type, in, unheard ? new DataOutputStream(DataOutputStream.nullOutputStream()) : out);
          if (in.available() == 0) {
            out.flush();
          }
        }
      } catch (IOException gone) {
        end();
      }
    }

    private void startUp(DataInputStream in, DataOutputStream out) throws IOException {
      int length = in.readInt();
      int code = in.readInt();
      while (ENCRYPTION_REQUESTS.contains(code)) {
        client.getOutputStream().write('N');
        length = in.readInt();
        code = in.readInt();
      }
      out.writeInt(length);
      out.writeInt(code);
      out.write(in.readNBytes(length - 8));
      out.flush();
    }

    private static void message(int type, DataInputStream in, DataOutputStream out)
        throws IOException {
      int length = in.readInt();
      byte[] body = in.readNBytes(length - 4);
      out.writeByte(type);
      out.writeInt(length);
      out.write(body);
    }

    void end() {
      try (client;
          server) {
        client.setSoLinger(true, 0);
      } catch (IOException closed) {
        assert client.isClosed() : closed;
      }
    }

    private static DataInputStream in(Socket socket) throws IOException {
      return new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    private static DataOutputStream out(Socket socket) throws IOException {
      return new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }
  }
}
