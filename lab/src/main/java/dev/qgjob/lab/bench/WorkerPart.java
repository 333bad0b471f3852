package dev.qgjob.lab.bench;

/** What the worker's bench measures; each may be left out. */
enum WorkerPart {
  /** Starts of the server. */
  START,
  /** Short specs through qgjob and by hand, memory, claims, and {@code qgjob status}. */
  SPECS,
  /** With SPECS: by hand, with an install for each test. Takes the longest. */
  FULL_RESET,
  /** One phone of a host and two. */
  TWO_PHONES,
  /** A worker with fifty phones that nobody uses. */
  IDLE
}
