package dev.qgjob.domain.job;

/** Where a job runs. */
public enum Target {
  EMULATOR,
  DEVICE,
  BROWSERSTACK
}
