package dev.qgjob.domain.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Plays many seeds, a thread each, and keeps those that broke a promise. */
public final class Seeds {
  /** A seed that broke a promise. */
  public record Broken(long seed, String promise) {}

  /**
   * What came of many seeds.
   *
   * @param broken the first seeds that broke a promise, in order
   * @param seconds wall-clock time that all took
   */
  public record Outcome(long played, List<Broken> broken, double seconds) {
    /** Seeds that would be played in a minute. */
    public double perMinute() {
      return played * 60 / Math.max(seconds, 1e-9);
    }
  }

  private static final int ENOUGH = 20;

  private Seeds() {}

  /** Plays {@code count} seeds from {@code first} on; ends early when many are broken. */
  public static Outcome play(long first, long count, int threads) {
    return play(first, count, threads, Mutant.NONE, ENOUGH);
  }

  static Outcome play(long first, long count, int threads, Mutant mutant, int enough) {
    List<Broken> broken = Collections.synchronizedList(new ArrayList<>());
    AtomicLong next = new AtomicLong(first);
    AtomicLong played = new AtomicLong();
    long began = System.nanoTime();
    Runnable work =
        () -> {
          long seed = next.getAndIncrement();
          while (seed < first + count && broken.size() < enough) {
            Simulation.Result result = Simulation.play(seed, mutant, false);
            played.incrementAndGet();
            if (!result.kept()) {
              broken.add(new Broken(seed, result.violation()));
            }
            seed = next.getAndIncrement();
          }
        };
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(work, "seeds-" + i);
      thread.start();
      workers.add(thread);
    }
    try {
      for (Thread thread : workers) {
        thread.join();
      }
    } catch (InterruptedException e) {
      next.set(first + count);
      Thread.currentThread().interrupt();
    }
    List<Broken> inOrder = new ArrayList<>(broken);
    inOrder.sort(java.util.Comparator.comparingLong(Broken::seed));
    return new Outcome(played.get(), inOrder, (System.nanoTime() - began) / 1e9);
  }

  /** What happened in one seed; where a promise broke, the last line says which. */
  public record Story(List<String> lines, boolean kept) {}

  /** Plays a seed and tells it. */
  public static Story story(long seed) {
    Simulation.Result result = Simulation.play(seed, Mutant.NONE, true);
    return new Story(result.trace(), result.kept());
  }

  /** The command that tells the story of a seed. */
  public static String replay(long seed) {
    return "mvn -B -q -pl domain -am test -Dtest=SimulationTest#oneSeed"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed="
        + seed;
  }
}
