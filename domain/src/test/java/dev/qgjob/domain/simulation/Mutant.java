package dev.qgjob.domain.simulation;

/** A server or worker that is broken on purpose: each must be caught. */
enum Mutant {
  NONE,
  ACKNOWLEDGE_BEFORE_THE_ANSWER
}
