package dev.qgjob.lab.faults.site;

import java.time.Duration;

/**
 * On what the matrix is run.
 *
 * @param workers how many stub workers
 * @param lease length of a lease
 */
public record Choice(Database database, Broker broker, int workers, Duration lease) {
  /** Where jobs are kept. */
  public enum Database {
    MYSQL,
    H2
  }

  /** Where messages go. */
  public enum Broker {
    EMBEDDED,
    EXTERNAL
  }

  /** Two servers where they can share database and broker. */
  public int servers() {
    return database == Database.MYSQL && broker == Broker.EXTERNAL ? 2 : 1;
  }

  /** For a file's name and for people. */
  public String told() {
    return (database + " and " + broker + " broker").toLowerCase(java.util.Locale.ROOT);
  }
}
