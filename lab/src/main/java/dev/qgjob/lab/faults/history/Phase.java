package dev.qgjob.lab.faults.history;

/** What a line says of the thing that it speaks of, as Jepsen has it. */
public enum Phase {
  /** it begins */
  INVOKE,
  /** it succeeded */
  OK,
  /** it certainly had no effect */
  FAIL,
  /** whether it had an effect is not known to whoever asked */
  INFO
}
