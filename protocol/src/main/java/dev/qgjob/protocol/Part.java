package dev.qgjob.protocol;

/**
 * The part of its spec's tests that a job is about.
 *
 * @param number from 1
 * @param of how many parts the spec was divided into, from 2
 */
public record Part(int number, int of) {
  @Override
  public String toString() {
    return "part " + number + " of " + of;
  }
}
