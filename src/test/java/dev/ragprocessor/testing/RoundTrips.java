package dev.ragprocessor.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loopback port in front of a PostgreSQL server that counts how often a client asks and then
 * waits for the answer. A pool that only looks whether the server is still there is counted apart:
 * it does so before it lends a connection that has rested for half a second, which is the test's
 * slowness and not the program's work. Safe for use by many threads.
 */
public final class RoundTrips implements Closeable {
  private final ServerSocket door = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());

  /** EmptyQueryResponse: what the server answers where nothing was asked of it. */
  private static final byte[] NOTHING_ASKED = {'I', 0, 0, 0, 4};

  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private final int upstream;

  /** Promises an open port that leads to this one. */
  public RoundTrips(int upstream) throws IOException {
    this.upstream = upstream;
    Thread.ofVirtual().name("round trips").start(this::acceptAll);
  }

  /** The port that clients are to use. */
  public int port() {
    return door.getLocalPort();
  }

  /** Promises how often something was asked so far. */
  public int count() {
    return count.get() - looks.get();
  }

  private void acceptAll() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream);
        server.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        Waiting waiting = new Waiting();
        Thread.startVirtualThread(() -> pump(client, server, (_, _) -> waiting.asked()));
        Thread.startVirtualThread(() -> pump(server, client, waiting::answered));
      } catch (IOException closed) {
        return; // the test is over
      }
    }
  }

  private static void pump(Socket from, Socket to, Passing passing) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        passing.bytes(buffer, read);
        out.write(buffer, 0, read);
      }
    } catch (IOException gone) {
      assert from.isClosed() || to.isClosed() : gone; // either side went, and takes the other along
    }
  }

  /** Told of bytes before they go on. */
  private interface Passing {
    void bytes(byte[] buffer, int length);
  }

  /** One connection: the first bytes after an answer are a new question. */
  private final class Waiting {
    private boolean answered = true;

    private synchronized void asked() {
      if (answered) {
        answered = false;
        count.incrementAndGet();
      }
    }

    private synchronized void answered(byte[] buffer, int length) {
      if (!answered && saysNothing(buffer, length)) {
        looks.incrementAndGet();
      }
      answered = true;
    }

    private static boolean saysNothing(byte[] buffer, int length) {
      for (int from = 0; from <= length - NOTHING_ASKED.length; from++) {
        if (Arrays.equals(
            buffer, from, from + NOTHING_ASKED.length, NOTHING_ASKED, 0, NOTHING_ASKED.length)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Ends the port; connections end with their sides. */
  @Override
  public void close() throws IOException {
    door.close();
  }
}
