package dev.qgjob.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void pausesDoubleWithJitterUpToTheMostAndStartAgain() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350), new Random(5));
    for (int round = 0; round < 50; round++) {
      for (int full : new int[] {100, 200, 350, 350}) {
        assertThat(backoff.next()).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
      }
      backoff.reset();
    }
  }

  @Test
  void whoWaitedLongForAnAnswerThatDidNotComeHasPausedAlready() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350), new Random(5));
    Duration nothing = Duration.ZERO;
    assertThat(backoff.next(nothing, Duration.ofMillis(100))).isZero();
    assertThat(backoff.next(nothing, Duration.ofMillis(50)))
        .isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
    assertThat(backoff.next(Duration.ofMillis(300), Duration.ofSeconds(9)))
        .as("the other side asked for it")
        .isEqualTo(Duration.ofMillis(300));
    assertThat(backoff.next(Duration.ofSeconds(60), nothing)).isEqualTo(Duration.ofMillis(350));
  }

  @Test
  void aMostBelowTheFirstPauseIsTheFirstPause() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ZERO, new Random(5));
    backoff.next();
    assertThat(backoff.next()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
  }
}
