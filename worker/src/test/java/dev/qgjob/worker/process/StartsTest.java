package dev.qgjob.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartsTest {
  @Test
  void theNextOneStartsWhenOneIsDone() throws Exception {
    Starts starts = new Starts(1, Duration.ofMinutes(1));
    Starts.Turn first = starts.turn();
    CompletableFuture<Starts.Turn> second = CompletableFuture.supplyAsync(() -> turn(starts));
    assertThat(second).isNotDone();
    first.close();
    first.close();
    try (Starts.Turn now = second.get(30, TimeUnit.SECONDS)) {
      CompletableFuture<Starts.Turn> third = CompletableFuture.supplyAsync(() -> turn(starts));
      assertThat(third).as("closing twice made no second turn").isNotDone();
      now.close();
      third.get(30, TimeUnit.SECONDS).close();
    }
  }

  @Test
  void whoWaitedLongEnoughStartsAnyway() throws Exception {
    Starts starts = new Starts(1, Duration.ofMillis(50));
    Starts.Turn stuck = starts.turn();
    starts.turn().close();
    stuck.close();
  }

  private static Starts.Turn turn(Starts starts) {
    try {
      return starts.turn();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
