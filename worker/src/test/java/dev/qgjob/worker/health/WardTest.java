package dev.qgjob.worker.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WardTest {
  private static final Slot A = new Slot("h:device:A", Target.DEVICE, "A");
  private static final Slot B = new Slot("h:device:B", Target.DEVICE, "B");
  private static final Slot C = new Slot("h:device:C", Target.DEVICE, "C");
  private static final Outcome LOST = new Outcome.TargetLost(Details.NONE, "went away");

  private long now;
  private int probes;
  private Optional<String> ailment = Optional.empty();
  private final List<String> recovered = new ArrayList<>();
  private final Ward ward =
      new Ward(
          slot -> {
            probes++;
            return ailment;
          },
          new Recovery() {
            @Override
            public void unfit(Slot slot, String ailment, int tries) {
              recovered.add(slot.udid() + " " + tries);
            }

            @Override
            public void lost(Slot slot, String how, int step) {
              recovered.add(slot.udid() + " lost " + step + ": " + how);
            }

            @Override
            public void hostEvent(Set<String> serials) {
              recovered.add(String.join(" ", serials));
            }

            @Override
            public void notBack(Set<String> serials) {
              recovered.add("not back: " + String.join(" ", serials));
            }
          },
          () -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  /** An expired registry token of one submitter would take all slots of the shelf from all. */
  @Test
  void whatNeverCameToThePhoneIsNotCountedAgainstIt() {
    for (int i = 0; i < 5; i++) {
      ward.attempted(A.id(), new Outcome.InfrastructureError(Details.NONE, "no packages", false));
    }
    assertThat(ward.withheld(A.id())).isEmpty();
    for (int i = 0; i < 3; i++) {
      ward.attempted(A.id(), new Outcome.InfrastructureError(Details.NONE, "Appium hung"));
    }
    assertThat(ward.withheld(A.id())).isPresent();
  }

  @Test
  void aPhoneThatWasFoundFitIsNotAskedForEveryJob() {
    assertThat(ward.check(A)).isTrue();
    assertThat(ward.check(A)).isTrue();
    assertThat(probes).isEqualTo(1);
    pass(Duration.ofSeconds(31));
    assertThat(ward.check(A)).isTrue();
    assertThat(probes).isEqualTo(2);
  }

  @Test
  void afterABreakThePhoneIsAskedAtOnce() {
    ward.check(A);
    ward.attempted(A.id(), LOST);
    ailment = Optional.of("it is still starting");
    assertThat(ward.check(A)).isFalse();
    assertThat(ward.withheld(A.id())).contains("quarantined: it is still starting");
  }

  @Test
  void testsAndAppsThatFailSayNothingAboutThePhone() {
    for (int i = 0; i < 10; i++) {
      ward.attempted(A.id(), new Outcome.TestsFailed(Details.NONE, "red"));
      ward.attempted(A.id(), new Outcome.SubmitterError(Details.NONE, "no spec"));
      ward.attempted(A.id(), new Outcome.Cancelled(Details.NONE, "asked"));
    }
    assertThat(ward.withheld()).isEmpty();
  }

  @Test
  void aQuarantinedSlotIsProbedWhenItsTimeIsOverAndOnceAtATime() {
    for (int i = 0; i < 3; i++) {
      ward.attempted(A.id(), LOST);
    }
    assertThat(ward.takeDue(List.of(A, B))).isEmpty();
    pass(Duration.ofSeconds(30));
    assertThat(ward.takeDue(List.of(A, B))).containsExactly(A);
    assertThat(ward.takeDue(List.of(A, B))).isEmpty();
    ailment = Optional.of("hangs");
    ward.probe(A);
    assertThat(recovered).containsExactly("A 1");
    assertThat(ward.takeDue(List.of(A, B))).isEmpty();
    pass(Duration.ofSeconds(60));
    assertThat(ward.takeDue(List.of(A, B))).containsExactly(A);
    ailment = Optional.empty();
    ward.probe(A);
    assertThat(ward.withheld()).isEmpty();
  }

  @Test
  void slotsThatVanishTogetherAreOneHostEventAndNothingCounts() {
    ward.attempted(A.id(), LOST);
    ward.attempted(A.id(), LOST);
    assertThat(ward.left(Set.of(A))).isEmpty();
    pass(Duration.ofSeconds(3));
    assertThat(ward.left(Set.of(B))).containsExactlyInAnyOrder(A.id(), B.id());
    assertThat(ward.hostEvents()).isEqualTo(1);
    assertThat(recovered).as("by their serials").containsExactly("A B");
    // the runs on them end a little later
    ward.attempted(A.id(), LOST);
    ward.attempted(A.id(), LOST);
    ward.attempted(A.id(), LOST);
    assertThat(ward.withheld()).isEmpty();
  }

  @Test
  void whatBrokeIsPartOfTheHostEventThatFollows() {
    ward.came(A);
    ward.came(B);
    ward.came(C);
    CompletableFuture<Boolean> onA = ward.hostEvent(A);
    CompletableFuture<Boolean> onC = ward.hostEvent(C);
    ward.left(Set.of(A));
    assertThat(onA).as("it may have gone alone").isNotDone();
    pass(Duration.ofSeconds(3));
    ward.left(Set.of(B));
    assertThat(onA).isCompletedWithValue(true);
    assertThat(ward.hostEvent(B)).isCompletedWithValue(true);
    assertThat(onC).as("it is still there").isNotDone();
    assertThat(onC).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(false);
    pass(Duration.ofSeconds(31));
    assertThat(ward.hostEvent(B)).as("long after it").isNotDone();
  }

  @Test
  void whereThereIsNoOtherPhoneNothingIsWaitedFor() {
    ward.came(A);
    assertThat(ward.hostEvent(A)).isCompletedWithValue(false);
    Slot cloud = new Slot("h:browserstack:1", Target.BROWSERSTACK, "1");
    assertThat(ward.hostEvent(cloud)).isCompletedWithValue(false);
  }

  @Test
  void slotsThatLeaveOneAfterTheOtherAreNoHostEvent() {
    assertThat(ward.left(Set.of(A))).isEmpty();
    pass(Duration.ofSeconds(6));
    assertThat(ward.left(Set.of(B))).isEmpty();
    ward.came(B);
    assertThat(ward.left(Set.of(C))).isEmpty();
    assertThat(ward.hostEvents()).isZero();
  }

  private List<String> soughtAfter(Duration time) {
    recovered.clear();
    pass(time);
    ward.seekLost();
    return List.copyOf(recovered);
  }

  @Test
  void aPhoneThatGoesAloneIsSoughtStepByStepUntilItIsBack() {
    ward.came(A);
    ward.left(Set.of(A));
    assertThat(soughtAfter(Duration.ofSeconds(29))).isEmpty();
    assertThat(soughtAfter(Duration.ofSeconds(1)))
        .containsExactly("A lost 1: adb does not see it any more");
    assertThat(soughtAfter(Duration.ofSeconds(59))).isEmpty();
    assertThat(soughtAfter(Duration.ofSeconds(1)))
        .containsExactly("A lost 2: adb does not see it any more");
    ward.came(A);
    assertThat(soughtAfter(Duration.ofHours(1))).isEmpty();
    ward.left(Set.of(A));
    assertThat(soughtAfter(Duration.ofSeconds(30)))
        .as("from the start")
        .containsExactly("A lost 1: adb does not see it any more");
  }

  @Test
  void aPhoneForWhichAllWasDoneIsSoughtNoMore() {
    ward.left(Set.of(A));
    for (int step = 1; step <= 3; step++) {
      assertThat(soughtAfter(Duration.ofHours(1))).hasSize(1);
    }
    assertThat(soughtAfter(Duration.ofHours(1))).isEmpty();
  }

  @Test
  void aPhoneThatIsOfflineIsBroughtBackAndOneThatWaitsForAPersonIsNot() {
    ward.unready(A, true);
    ward.unready(B, false);
    pass(Duration.ofSeconds(20));
    ward.unready(A, true); // adb's list is told again whenever any phone changes
    assertThat(soughtAfter(Duration.ofSeconds(10)))
        .containsExactly("A lost 1: it does not answer adb");
    ward.unready(A, false);
    assertThat(soughtAfter(Duration.ofHours(1))).isEmpty();
  }

  /** What kind of slot a phone is, is a guess until it answers. */
  @Test
  void aPhoneThatComesAsAnotherKindThanItWasGuessedToBeIsSoughtNoMore() {
    String serial = "127.0.0.1:5555";
    ward.unready(new Slot("h:device:" + serial, Target.DEVICE, serial), true);
    ward.came(new Slot("h:emulator:" + serial, Target.EMULATOR, serial));
    assertThat(soughtAfter(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void whatVanishedTogetherAndDoesNotComeBackIsCalledOutOnce() {
    ward.left(Set.of(A, B, C));
    assertThat(recovered).containsExactly("A B C");
    ward.came(C);
    assertThat(soughtAfter(Duration.ofSeconds(179))).as("its command is at work").isEmpty();
    assertThat(soughtAfter(Duration.ofSeconds(1))).containsExactly("not back: A B");
    assertThat(soughtAfter(Duration.ofHours(1))).isEmpty();
  }

  @Test
  void aPhoneThatComesBackIsProbedAtOnce() {
    ailment = Optional.of("it does not answer adb");
    ward.check(A);
    ailment = Optional.empty();
    ward.came(A);
    assertThat(ward.takeDue(List.of(A))).containsExactly(A);
  }
}
