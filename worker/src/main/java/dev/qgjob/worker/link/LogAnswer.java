package dev.qgjob.worker.link;

/** How a piece of a log fared. */
public enum LogAnswer {
  TAKEN,
  /** no clear answer came: the same again is right, whether it arrived or not */
  UNCLEAR,
  /** neither it nor what comes after it is wanted */
  REFUSED
}
