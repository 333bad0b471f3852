package dev.qgjob.worker.browserstack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketTest {
  private final Bucket bucket = new Bucket(1);

  private static Plan plan(int running, int queued) {
    return new Plan(3, running, queued);
  }

  @Test
  void aPermitThatThePlanDoesNotShowYetIsGivenOnce() {
    Bucket.Permit first = bucket.take(plan(0, 0), "a").orElseThrow();
    assertThat(bucket.take(plan(0, 0), "b")).isPresent();
    assertThat(bucket.take(plan(0, 0), "c")).as("one is left to people").isEmpty();
    bucket.seen(first);
    assertThat(bucket.take(plan(1, 0), "c")).as("it is counted by the plan now").isEmpty();
    bucket.giveBack(first);
    assertThat(bucket.take(plan(1, 0), "c")).as("its session still runs there").isEmpty();
    assertThat(bucket.take(plan(0, 0), "c")).isPresent();
  }

  @Test
  void whoWaitsAtBrowserStackIsFirst() {
    assertThat(bucket.take(plan(0, 1), "a")).isEmpty();
    assertThat(bucket.enter(plan(0, 1), "a")).isFalse();
    assertThat(bucket.hasRoom(plan(0, 1))).isFalse();
  }

  @Test
  void aSlotWithWorkKeepsItsPlaceBetweenTwoSessions() {
    assertThat(bucket.enter(plan(0, 0), "a")).isTrue();
    assertThat(bucket.enter(plan(0, 0), "b")).isTrue();
    assertThat(bucket.enter(plan(0, 0), "c")).isFalse();
    Bucket.Permit session = bucket.take(plan(0, 0), "a").orElseThrow();
    bucket.seen(session);
    bucket.giveBack(session);
    assertThat(bucket.take(plan(0, 0), "c")).isEmpty();
    assertThat(bucket.take(plan(0, 0), "a")).isPresent();
    bucket.leave("b");
    assertThat(bucket.take(plan(0, 0), "c")).isPresent();
  }

  @Test
  void noMoreSlotsAreOpenedAgainThanThereIsRoomFor() {
    for (String slot : new String[] {"a", "b", "c"}) {
      assertThat(bucket.enter(plan(2, 0), slot)).isFalse();
    }
    assertThat(bucket.reopen(plan(2, 0), "a")).isFalse();
    assertThat(bucket.reopen(plan(1, 0), "a")).isTrue();
    assertThat(bucket.reopen(plan(1, 0), "b")).as("a is about to be sent something").isFalse();
    assertThat(bucket.enter(plan(1, 0), "a")).isTrue();
    assertThat(bucket.reopen(plan(1, 0), "b")).isFalse();
    assertThat(bucket.reopen(plan(0, 0), "b")).isTrue();
  }
}
