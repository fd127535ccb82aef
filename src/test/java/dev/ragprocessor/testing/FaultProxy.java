package dev.ragprocessor.testing;

import dev.ragprocessor.db.DatabaseEndpoint;
import dev.ragprocessor.db.DatabaseSettings;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A loopback port in front of a PostgreSQL server that behaves as networks, poolers and servers do
 * on their bad days. A mode holds for connections that come while it is set; {@link Mode#BLACKHOLE}
 * and {@link Mode#DELAY} also for those that are open. Safe for use by many threads.
 */
public final class FaultProxy implements Closeable {
  /** What happens to a connection. */
  public enum Mode {
    /** Everything goes through. */
    PASS,
    /** It is accepted, and nothing ever comes back; one that was open never recovers. */
    BLACKHOLE,
    /** Whatever goes through in either direction takes {@link #DELAYED} longer. */
    DELAY,
    /** It is accepted and reset (RST). */
    RESET,
    /** It is accepted and closed (FIN). */
    CLOSE_ON_ACCEPT,
    /** It is let in without a single parameter of the session, as a broken pooler does. */
    NO_PARAMETERS,
    /** PostgreSQL's refusal when {@code max_connections} is reached. */
    SERVER_FULL,
    /** PostgreSQL's refusal of a password. */
    PASSWORD_REFUSED,
    /** Supavisor's refusal when a tenant's clients are too many. */
    POOLER_FULL
  }

  /** What {@link Mode#DELAY} adds. */
  public static final Duration DELAYED = Duration.ofMillis(50);

  /** The codes of SSLRequest and GSSENCRequest in PostgreSQL's protocol, message formats. */
  private static final Set<Integer> ENCRYPTION_REQUESTS = Set.of(80877103, 80877104);

  private final ServerSocket door = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final AtomicInteger mostClients = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile Mode mode = Mode.PASS;
  private volatile int upstream;

  /** Promises an open port with nothing behind it yet. */
  public FaultProxy() throws IOException {
    Thread.ofVirtual().name("fault proxy").start(this::acceptAll);
  }

  /** Promises the same settings through this proxy, which now leads to where they led. */
  public DatabaseSettings before(DatabaseSettings settings) {
    DatabaseEndpoint direct = settings.endpoint();
    URI server = URI.create(direct.jdbcUrl().substring("jdbc:".length()));
    upstream = server.getPort();
    String url =
        direct.jdbcUrl().replaceFirst(":" + upstream + "/", ":" + door.getLocalPort() + "/");
    return new DatabaseSettings(
        new DatabaseEndpoint(
            url,
            direct.properties(),
            direct.user(),
            () -> direct.password().get(),
            direct.pooler()),
        settings.applicationName(),
        settings.pool(),
        settings.timeouts(),
        settings.budget());
  }

  /** Changes what happens from now on. */
  public void mode(Mode next) {
    mode = next;
  }

  /** Resets every open connection. */
  public void cut() {
    clients.forEach(FaultProxy::reset);
  }

  /** Promises the most connections that were open at once since the last call. */
  public int mostClients() {
    return mostClients.getAndSet(clients.size());
  }

  /** Promises how many connections ever came. */
  public int accepted() {
    return accepted.get();
  }

  private void acceptAll() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        clients.add(client);
        accepted.incrementAndGet();
        mostClients.accumulateAndGet(clients.size(), Math::max);
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException closed) {
        close();
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      switch (mode) {
        case PASS, BLACKHOLE, DELAY -> pass(client);
        case RESET -> client.setSoLinger(true, 0);
        case CLOSE_ON_ACCEPT -> client.shutdownOutput();
        case NO_PARAMETERS -> answer(client, 'R', new byte[4], 'Z', new byte[] {'I'});
        case SERVER_FULL -> answer(client, 'E', fatal("53300", "sorry, too many clients already"));
        case PASSWORD_REFUSED ->
            answer(client, 'E', fatal("28P01", "password authentication failed"));
        case POOLER_FULL -> answer(client, 'E', fatal("XX000", "Max client connections reached"));
      }
    } catch (IOException gone) {
      reset(client); // the other side went first, which is what this class is for
    } finally {
      clients.remove(client);
    }
  }

  private void pass(Socket client) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
      Thread back = Thread.startVirtualThread(() -> pump(server, client));
      pump(client, server);
      back.join();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies until either side ends, and then ends both. */
  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    boolean lost = false;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (mode == Mode.DELAY) {
          LockSupport.parkNanos(DELAYED.toNanos());
        }
        lost = lost || mode == Mode.BLACKHOLE;
        if (!lost) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException gone) {
      reset(from);
    }
  }

  /** Reads the client's start-up, refusing encryption, and answers with these messages. */
  private static void answer(Socket client, Object... messages) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    DataOutputStream out = new DataOutputStream(client.getOutputStream());
    int length = in.readInt();
    for (int code = in.readInt(); ENCRYPTION_REQUESTS.contains(code); code = in.readInt()) {
      out.writeByte('N');
      length = in.readInt();
    }
    in.skipNBytes(length - 8L);
    for (int message = 0; message < messages.length; message += 2) {
      byte[] body = (byte[]) messages[message + 1];
      out.writeByte((char) messages[message]);
      out.writeInt(body.length + 4);
      out.write(body);
    }
    out.flush();
    in.transferTo(OutputStream.nullOutputStream());
  }

  private static byte[] fatal(String state, String message) {
    return "SFATAL\0VFATAL\0C%s\0M%s\0\0"
        .formatted(state, message)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException closed) {
      assert socket.isClosed() : closed;
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
    cut();
  }
}
