package dev.qgjob.lab.throughput;

import java.util.List;

/** One of those that are measured in turn. Made and closed by one thread. */
interface Contender extends AutoCloseable {
  /** How it is called in the table. */
  String name();

  /** A way in for one thread; closed with the contender. */
  Enqueuer enqueuer();

  /** Forgets all jobs, so that each round begins alike. */
  void empty();

  @Override
  void close();

  /** What one thread enqueues with: a job is durable when the call returns. */
  interface Enqueuer {
    /** One job. */
    void one() throws Exception;

    /** So many jobs in one call, as the contender does that best. */
    void many(int jobs) throws Exception;
  }

  /** One that also carries jobs out. */
  interface Processing extends Contender {
    /**
     * Enqueues so many jobs, each of which does nothing, and has them carried out.
     *
     * @return jobs a second until the last one's end is recorded
     */
    double process(int jobs) throws Exception;

    /**
     * One job after another while nothing else is there.
     *
     * @return milliseconds from the call that enqueues a job to its start
     */
    List<Double> waits(int jobs) throws Exception;
  }
}
