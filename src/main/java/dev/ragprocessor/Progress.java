package dev.ragprocessor;

import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a long command is: a bar for a person, plain lines for a log. */
sealed interface Progress extends AutoCloseable {
  /** Promises that one more of the whole is seen as done. */
  void step();

  @Override
  void close();

  /**
   * Promises progress on the terminal's {@code err}.
   *
   * @param what is counted, in the plural: {@code objects}
   * @param total how many there are
   */
  static Progress of(Terminal terminal, String what, long total) {
    return terminal.interactive()
        ? new Bar(terminal, what, total)
        : new Lines(terminal, what, total);
  }

  /** Draws over one line. */
  final class Bar implements Progress {
    private static final int WIDTH = 90;
    private final ProgressBar bar;

    private Bar(Terminal terminal, String what, long total) {
      this.bar =
          new ProgressBarBuilder()
              .setTaskName(what)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setMaxRenderedLength(WIDTH)
              .setUpdateIntervalMillis((int) Duration.ofMillis(200).toMillis())
              .setConsumer(
                  new DelegatingProgressBarConsumer(
                      line -> {
                        terminal.err().print("\r" + line);
                        terminal.err().flush();
                      }))
              .build();
    }

    @Override
    public void step() {
      bar.step();
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** Says every tenth part. */
  final class Lines implements Progress {
    private final Terminal terminal;
    private final String what;
    private final long total;
    private long done;

    private Lines(Terminal terminal, String what, long total) {
      this.terminal = terminal;
      this.what = what;
      this.total = total;
    }

    @Override
    public synchronized void step() {
      done++;
      if (done * 10 / total > (done - 1) * 10 / total) {
        terminal.tell("%s: %,d of %,d (%d %%)", what, done, total, done * 100 / total);
      }
    }

    @Override
    public void close() {
      // Its last line is already out.
    }
  }
}
