package dev.qgjob.scheduler.broker;

import dev.qgjob.domain.job.Target;
import java.util.Locale;

/**
 * What the queues are called, and how urgent a message on them is. Names are the broker's own
 * addresses, the same for a client over TCP and for the server inside the broker's JVM: {@code
 * jms.queue.jobs.emulator}, {@code jms.queue.worker.<id>}.
 */
public final class Queues {

  /**
   * WildFly puts it before the name of each of its queues; a broker of one's own is configured with
   * the same addresses.
   */
  private static final String PREFIX = "jms.queue.";

  /** The topic on which servers tell each other what changed. */
  static final String EVENTS = "jms.topic.events";

  /** JMS knows 0 to 9, and 4 is what a message has that says nothing. */
  private static final int USUAL = 4;

  private static final int MOST = 9;

  /** A user's priority goes from minus to plus this. */
  private static final int RANGE = 100;

  private Queues() {}

  /** The shared queue of a target. */
  public static String ofTarget(Target target) {
    return PREFIX + "jobs." + target.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The hand-off queue of a worker; it is there from {@link JmsBus#open} to {@link JmsBus#close}.
   */
  public static String ofWorker(String workerId) {
    return PREFIX + "worker." + workerId;
  }

  /**
   * The JMS priority for a job's: 4 for none, rising to 9 for 100, sinking to 0 for -100. Every
   * wish in between counts: 1 is above 4 already.
   */
  public static int jmsPriority(int jobPriority) {
    int wish = Math.max(-RANGE, Math.min(RANGE, jobPriority));
    return wish >= 0
        ? USUAL + (wish * (MOST - USUAL) + RANGE - 1) / RANGE
        : USUAL - (-wish * USUAL + RANGE - 1) / RANGE;
  }
}
