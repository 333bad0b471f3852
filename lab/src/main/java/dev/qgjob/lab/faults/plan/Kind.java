package dev.qgjob.lab.faults.plan;

import java.util.Set;

/** Kinds of faults. */
public enum Kind {
  /** SIGKILL to a worker, which is started again later */
  WORKER_KILL,
  /** SIGKILL to a worker whose claim is on its way and never arrives; it is started again later */
  CLAIM_KILL,
  /** SIGSTOP to a worker, SIGCONT later */
  WORKER_FREEZE,
  /** nothing passes between a worker and the broker, the API answers */
  BROKER_BLACK_HOLE,
  /** nothing passes between a worker and the API, the broker delivers */
  API_BLACK_HOLE,
  /** one direction of one of a worker's links stands still */
  ONE_WAY,
  /** a worker's connections are broken, again and again */
  RESET,
  /** a worker's links are slow */
  DELAY,
  /** the answer to a claim that was granted is lost */
  GRANT_LOST,
  /** the answer to a finish that was recorded is lost */
  RECORDED_LOST,
  /** SIGKILL to a server, which is started again */
  SERVER_KILL,
  /** SIGKILL to the broker, which is started again with its data */
  BROKER_KILL,
  /** SIGKILL to the database, which is started again */
  DATABASE_KILL,
  /** the broker is ended by force and comes back with nothing */
  BROKER_WIPE,
  /** a worker whose wall clock is five minutes off */
  WORKER_CLOCK;

  private static final Set<Kind> INFRASTRUCTURE =
      Set.of(SERVER_KILL, BROKER_KILL, DATABASE_KILL, BROKER_WIPE);

  /** Whether it takes away what all workers need. */
  public boolean ofTheInfrastructure() {
    return INFRASTRUCTURE.contains(this);
  }

  /**
   * The kind of this label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Kind of(String label) {
    return valueOf(label.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
  }

  /** How it is spelled in histories. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
