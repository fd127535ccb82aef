package dev.ragprocessor.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loopback port in front of a server that counts how often a client asks and then waits for the
 * answer. Safe for use by many threads.
 */
public final class RoundTrips implements Closeable {
  private final ServerSocket door = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
  private final AtomicInteger count = new AtomicInteger();
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

  /** Promises how many there were so far. */
  public int count() {
    return count.get();
  }

  private void acceptAll() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream);
        server.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        Waiting waiting = new Waiting();
        Thread.startVirtualThread(() -> pump(client, server, waiting::asked));
        Thread.startVirtualThread(() -> pump(server, client, waiting::answered));
      } catch (IOException closed) {
        return; // the test is over
      }
    }
  }

  private static void pump(Socket from, Socket to, Runnable passing) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        passing.run();
        out.write(buffer, 0, read);
      }
    } catch (IOException gone) {
      assert from.isClosed() || to.isClosed() : gone; // either side went, and takes the other along
    }
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

    private synchronized void answered() {
      answered = true;
    }
  }

  /** Ends the port; connections end with their sides. */
  @Override
  public void close() throws IOException {
    door.close();
  }
}
