package dev.qgjob.worker.slot;

import dev.qgjob.protocol.Paths;
import dev.qgjob.worker.link.LogAnswer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what a job prints to the server while it runs, a piece at a time with a pause before each.
 * It never holds up the job: where the server does not follow, or as soon as a piece is refused,
 * the rest is left to the log's file, of which what was sent is always the beginning. Thread-safe.
 */
final class LiveLog {
  private static final Logger log = LoggerFactory.getLogger(LiveLog.class);
  private static final int MOST_WAITING = 4 * Paths.LONGEST_LOG_PIECE;

  /** Takes a piece to the server. */
  interface Line {
    /**
     * @param from how many bytes of the log came before
     */
    LogAnswer send(int from, byte[] piece);
  }

  private final Line line;
  private final Duration pause;
  private final Executor threads;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private int sent;
  private boolean scheduled;
  private boolean over;

  /**
   * @param pause before a piece, for what comes with it
   * @param threads lends a thread for as long as a piece is sent
   */
  LiveLog(Line line, Duration pause, Executor threads) {
    this.line = line;
    this.pause = pause;
    this.threads = threads;
  }

  /** Adds a line, given without its end. */
  synchronized void add(String text) {
    if (over) {
      return;
    }
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    if (waiting.size() + bytes.length > MOST_WAITING) {
      end();
      return;
    }
    waiting.writeBytes(bytes);
    schedule();
  }

  /** No piece is sent any more but one that is under way. */
  synchronized void end() {
    over = true;
    waiting.reset();
  }

  private void schedule() {
    if (!scheduled && !over) {
      scheduled = true;
      CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, threads)
          .execute(this::send);
    }
  }

  private void send() {
    byte[] piece;
    int from;
    synchronized (this) {
      piece = firstPiece();
      from = sent;
    }
    LogAnswer answer = piece.length == 0 ? LogAnswer.TAKEN : sent(from, piece);
    synchronized (this) {
      scheduled = false;
      if (answer == LogAnswer.REFUSED) {
        end();
      } else if (answer == LogAnswer.TAKEN && !over) {
        sent += piece.length;
        byte[] left = waiting.toByteArray();
        waiting.reset();
        waiting.write(left, piece.length, left.length - piece.length);
      }
      if (waiting.size() > 0) {
        schedule();
      }
    }
  }

  private LogAnswer sent(int from, byte[] piece) {
    try {
      return line.send(from, piece);
    } catch (RuntimeException e) {
      log.warn("a piece of a log was not sent", e);
      return LogAnswer.REFUSED;
    }
  }

  /** As much as goes at once, up to the end of a character. */
  private byte[] firstPiece() {
    byte[] all = waiting.toByteArray();
    int end = Math.min(all.length, Paths.LONGEST_LOG_PIECE);
    while (end < all.length && (all[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(all, end);
  }
}
