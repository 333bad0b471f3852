package dev.qgjob.domain.job;

/** Where a job runs. */
public enum Target {
  EMULATOR,
  DEVICE,
  BROWSERSTACK;

  /** Every session gets a phone that was prepared for it alone, whatever ran before. */
  public boolean setsUpEachSession() {
    return this == BROWSERSTACK;
  }
}
