package dev.qgjob.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.fleet.LeaseRef;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
  private static final LeaseRef J1 = new LeaseRef("j1", 1, "token-of-the-first");
  private static final LeaseRef J2 = new LeaseRef("j2", 3, "token-of-the-other");

  // near the end of the range, since System.nanoTime may wrap around
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(3).toNanos());
  private final LeaseWatch watch = new LeaseWatch(Duration.ofSeconds(2), now::get);

  private long tick(long ms) {
    return now.addAndGet(Duration.ofMillis(ms).toNanos());
  }

  @Test
  void aLeaseCountsFromBeforeItsClaimWasSent() {
    long asked = now.get();
    tick(1_500); // the answer took that long
    watch.hold(J1, asked);
    assertThat(watch.proven(J1)).isTrue();
    tick(499);
    assertThat(watch.takeLost()).isEmpty();
    tick(1);
    assertThat(watch.proven(J1)).isFalse();
    assertThat(watch.takeLost()).containsExactly(J1);
    assertThat(watch.takeLost()).isEmpty();
    assertThat(watch.held()).isEmpty();
  }

  @Test
  void anAnsweredBeatProvesFromWhenItWasSent() {
    watch.hold(J1, now.get());
    watch.hold(J2, now.get());
    long beat = tick(1_000);
    tick(900);
    watch.renewed(J1, beat);
    tick(100);
    assertThat(watch.takeLost()).containsExactly(J2);
    tick(999);
    assertThat(watch.proven(J1)).isTrue();
    tick(1);
    assertThat(watch.takeLost()).containsExactly(J1);
  }

  @Test
  void anAnswerThatOvertookALaterOneTakesNothingBack() {
    watch.hold(J1, now.get());
    long first = tick(500);
    long second = tick(500);
    watch.renewed(J1, second);
    watch.renewed(J1, first);
    tick(1_999);
    assertThat(watch.proven(J1)).isTrue();
  }

  @Test
  void nothingIsRevived() {
    watch.hold(J1, now.get());
    tick(2_000);
    long late = now.get();
    assertThat(watch.takeLost()).containsExactly(J1);
    watch.renewed(J1, late);
    assertThat(watch.proven(J1)).isFalse();
    watch.renewed(J2, late);
    assertThat(watch.held()).isEmpty();
  }

  @Test
  void whatIsReleasedIsNeitherHeldNorLost() {
    watch.hold(J1, now.get());
    watch.hold(J2, now.get());
    assertThat(watch.held()).containsExactly(J1, J2);
    watch.release(J1);
    tick(5_000);
    assertThat(watch.takeLost()).containsExactly(J2);
  }

  @Test
  void anotherGenerationOfAJobIsAnotherLease() {
    LeaseRef next = new LeaseRef("j1", 2, "token-of-the-next");
    watch.hold(J1, now.get());
    tick(1_500);
    watch.hold(next, now.get());
    tick(600);
    assertThat(watch.takeLost()).containsExactly(J1);
    assertThat(watch.proven(next)).isTrue();
  }
}
