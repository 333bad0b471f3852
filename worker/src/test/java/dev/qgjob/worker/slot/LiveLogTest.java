package dev.qgjob.worker.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Paths;
import dev.qgjob.worker.link.LogAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LiveLogTest {
  private final Deque<LogAnswer> answers = new ArrayDeque<>();
  private final List<String> sent = new ArrayList<>();

  /** What the log wants a thread for, run by the test when it likes. */
  private final BlockingQueue<Runnable> wanted = new LinkedBlockingQueue<>();

  private final LiveLog log = new LiveLog(this::send, Duration.ofMillis(1), wanted::add);

  /** One that nobody reads. */
  static LiveLog ofNobody() {
    return new LiveLog((from, piece) -> LogAnswer.REFUSED, Duration.ofSeconds(1), Runnable::run);
  }

  private LogAnswer send(int from, byte[] piece) {
    sent.add(from + ":" + new String(piece, StandardCharsets.UTF_8));
    return answers.isEmpty() ? LogAnswer.TAKEN : answers.pop();
  }

  private void step() throws InterruptedException {
    Runnable next = wanted.poll(10, TimeUnit.SECONDS);
    assertThat(next).as("a piece to send").isNotNull();
    next.run();
  }

  private void nothingMoreIsWanted() throws InterruptedException {
    assertThat(wanted.poll(100, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void linesGoTogetherAndTheNextOnesBehindThem() throws InterruptedException {
    log.add("one");
    log.add("two");
    step();
    log.add("zw\u00f6lf");
    step();
    log.add("four");
    step();
    assertThat(sent).containsExactly("0:one\ntwo\n", "8:zw\u00f6lf\n", "15:four\n");
    nothingMoreIsWanted();
  }

  @Test
  void whatHasNoClearAnswerIsSentAgainFromTheSameByte() throws InterruptedException {
    answers.add(LogAnswer.UNCLEAR);
    log.add("one");
    step();
    log.add("two");
    step();
    assertThat(sent).containsExactly("0:one\n", "0:one\ntwo\n");
    nothingMoreIsWanted();
  }

  @Test
  void whoIsRefusedIsSilentFromThenOn() throws InterruptedException {
    answers.add(LogAnswer.REFUSED);
    log.add("one");
    step();
    log.add("two");
    nothingMoreIsWanted();
    assertThat(sent).containsExactly("0:one\n");
  }

  @Test
  void whatIsLongGoesInPiecesThatEndWithACharacter() throws InterruptedException {
    int half = Paths.LONGEST_LOG_PIECE / 2;
    log.add("x" + "\u00f6".repeat(half));
    step();
    step();
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0)).isEqualTo("0:x" + "\u00f6".repeat(half - 1));
    assertThat(sent.get(1)).isEqualTo((Paths.LONGEST_LOG_PIECE - 1) + ":\u00f6\n");
    nothingMoreIsWanted();
  }

  @Test
  void whoDoesNotFollowIsLeftBehindAndNothingIsHeldForHim() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      log.add("x".repeat(Paths.LONGEST_LOG_PIECE - 1));
    }
    step();
    nothingMoreIsWanted();
    assertThat(sent).isEmpty();
  }

  @Test
  void afterItsEndNothingIsSent() throws InterruptedException {
    log.add("one");
    log.end();
    step();
    log.add("two");
    nothingMoreIsWanted();
    assertThat(sent).isEmpty();
  }

  @Test
  void anErrorOfTheLineEndsTheLogAndNothingElse() throws InterruptedException {
    LiveLog broken =
        new LiveLog(
            (from, piece) -> {
              throw new IllegalStateException("broken");
            },
            Duration.ofMillis(1),
            wanted::add);
    broken.add("one");
    step();
    broken.add("two");
    nothingMoreIsWanted();
  }
}
