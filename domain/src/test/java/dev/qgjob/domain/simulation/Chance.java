package dev.qgjob.domain.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** All that is left to chance, from one seed. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    random = new SplittableRandom(seed);
  }

  /** True with this probability. */
  boolean of(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** From {@code least} to {@code most}, both included. */
  long between(long least, long most) {
    return least >= most ? least : random.nextLong(least, most + 1);
  }

  int upTo(int most) {
    return (int) between(0, most);
  }

  <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** A pause that doubles with each try, drawn from its upper half. */
  long backOff(int tries, long first, long most) {
    long full = Math.min(Math.max(first, most), first << Math.min(tries, 20));
    return Math.max(1, full - between(0, full / 2));
  }

  <T> void shuffle(List<T> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = upTo(i);
      T held = list.get(i);
      list.set(i, list.get(j));
      list.set(j, held);
    }
  }
}
