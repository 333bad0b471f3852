package dev.qgjob.protocol;

/** Where a job runs. On the wire in lower case, with hyphens. */
public enum Target {
  /** an Android emulator on a device host */
  EMULATOR,
  /** a real phone on a device host */
  DEVICE,
  /** a session at BrowserStack App Automate */
  BROWSERSTACK;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
