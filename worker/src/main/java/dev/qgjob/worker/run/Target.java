package dev.qgjob.worker.run;

/** Where a job runs. */
public enum Target {
  EMULATOR,
  DEVICE,
  BROWSERSTACK
}
