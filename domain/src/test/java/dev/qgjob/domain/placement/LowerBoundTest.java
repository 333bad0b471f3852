package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LowerBoundTest {
  private record Job(int family, int length) {}

  /** A small case, all whole seconds. */
  private record Case(int slots, int setUp, List<Job> jobs, List<Integer> warmOnFirstSlot) {
    static Case of(Random random) {
      List<Job> jobs = new ArrayList<>();
      for (int i = 2 + random.nextInt(5); i > 0; i--) {
        jobs.add(new Job(random.nextInt(3), 1 + random.nextInt(20)));
      }
      List<Integer> warm = random.nextBoolean() ? List.of() : List.of(random.nextInt(3));
      return new Case(1 + random.nextInt(3), random.nextInt(15), jobs, warm);
    }

    List<LowerBound.Family> families() {
      List<LowerBound.Family> families = new ArrayList<>();
      for (int f = 0; f < 3; f++) {
        int family = f;
        List<Integer> lengths =
            jobs.stream().filter(j -> j.family == family).map(Job::length).toList();
        if (!lengths.isEmpty()) {
          families.add(
              new LowerBound.Family(
                  lengths.stream().mapToInt(i -> i).sum(),
                  lengths.stream().mapToInt(i -> i).max().orElse(0),
                  setUp,
                  warmOnFirstSlot.contains(f) ? 1 : 0));
        }
      }
      return families;
    }

    double bound() {
      return LowerBound.of(families(), by -> by * slots);
    }

    /** Tries every assignment; returns the least makespan and its least set-ups. */
    int[] optimum() {
      int[] best = {Integer.MAX_VALUE, Integer.MAX_VALUE};
      int[] slotOf = new int[jobs.size()];
      for (long code = 0; code < Math.round(Math.pow(slots, jobs.size())); code++) {
        long rest = code;
        for (int i = 0; i < slotOf.length; i++) {
          slotOf[i] = (int) (rest % slots);
          rest /= slots;
        }
        int[] outcome = makespan(slotOf);
        if (outcome[0] < best[0] || outcome[0] == best[0] && outcome[1] < best[1]) {
          best = outcome;
        }
      }
      return best;
    }

    private int[] makespan(int[] slotOf) {
      int longest = 0;
      int setUps = 0;
      for (int slot = 0; slot < slots; slot++) {
        int load = 0;
        Set<Integer> held = new HashSet<>(slot == 0 ? warmOnFirstSlot : List.of());
        for (int i = 0; i < slotOf.length; i++) {
          if (slotOf[i] == slot) {
            boolean install = held.add(jobs.get(i).family);
            setUps += install ? 1 : 0;
            load += jobs.get(i).length + (install ? setUp : 0);
          }
        }
        longest = Math.max(longest, load);
      }
      return new int[] {longest, setUps};
    }
  }

  @Test
  void noScheduleIsShorterNorHasFewerSetUps() {
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      Case one = Case.of(random);
      int[] optimum = one.optimum();
      assertThat(one.bound()).as("%s", one).isLessThanOrEqualTo(optimum[0] + 1e-4);
      assertThat(LowerBound.setUps(one.families(), optimum[0]))
          .as("%s", one)
          .isLessThanOrEqualTo(optimum[1]);
    }
  }

  /** The formula written down a second time, and scanned instead of bisected. */
  @Test
  void itIsTheSmallestTimeThatMeetsBothConditions() {
    Random random = new Random(11);
    for (int i = 0; i < 200; i++) {
      Case one = Case.of(random);
      double scanned = 0;
      while (!meets(one, scanned)) {
        scanned += 0.01;
      }
      assertThat(one.bound()).as("%s", one).isCloseTo(scanned, within(0.011));
    }
  }

  private static boolean meets(Case one, double by) {
    double needed = 0;
    for (LowerBound.Family f : one.families()) {
      if (by + 1e-9 < f.longest() + (f.warm() > 0 ? 0 : f.setUp())) {
        return false;
      }
      double beyond = f.work() - f.warm() * by;
      double setUps = 0;
      if (beyond > 1e-9) {
        if (by <= f.setUp()) {
          return false;
        }
        setUps = Math.ceil(beyond / (by - f.setUp()) - 1e-6);
      }
      needed += f.work() + setUps * f.setUp();
    }
    return needed <= one.slots * by + 1e-6;
  }

  @Test
  void oneJobTakesItsSetUpAndItself() {
    assertThat(LowerBound.of(List.of(new LowerBound.Family(10, 10, 5, 0)), by -> by * 4))
        .isCloseTo(15, within(1e-5));
  }

  @Test
  void withoutSlotTimeThereIsNoEnd() {
    assertThat(LowerBound.of(List.of(new LowerBound.Family(10, 10, 5, 0)), by -> 3)).isInfinite();
  }

  @Test
  void withoutWorkItIsZero() {
    assertThat(LowerBound.of(List.of(), by -> by)).isZero();
  }
}
