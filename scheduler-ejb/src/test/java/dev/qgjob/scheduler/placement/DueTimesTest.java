package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class DueTimesTest {
  private final List<Long> woken = new CopyOnWriteArrayList<>();
  private final DueTimes times = new DueTimes(Runnable::run, () -> woken.add(System.nanoTime()));

  @Test
  void itWakesWhenItIsTime() {
    long began = System.nanoTime();
    times.in(Duration.ofMillis(60));
    await().until(() -> woken.size() == 1);
    assertThat(woken.get(0) - began).isGreaterThanOrEqualTo(Duration.ofMillis(59).toNanos());
  }

  @Test
  void eachMomentIsHeededAndWhatIsAlikeOnce() {
    for (int i = 0; i < 50; i++) {
      times.in(Duration.ofMillis(400));
    }
    times.in(Duration.ofMillis(800));
    await().until(() -> woken.size() >= 2);
    assertThat(woken).hasSizeBetween(2, 12);
  }

  @Test
  void oneThatIsSoonerIsHeededFirst() {
    long began = System.nanoTime();
    times.in(Duration.ofSeconds(30));
    times.in(Duration.ofMillis(20));
    await().until(() -> woken.size() == 1);
    assertThat(woken.get(0) - began).isLessThan(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void aMomentThatTheExecutorDidNotTakeStopsNoLaterOne() {
    DueTimes refused =
        new DueTimes(
            work -> {
              throw new java.util.concurrent.RejectedExecutionException("full");
            },
            () -> woken.add(1L));
    refused.in(Duration.ZERO);
    assertThat(woken).isEmpty();
  }
}
