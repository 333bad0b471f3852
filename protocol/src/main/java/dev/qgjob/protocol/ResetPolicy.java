package dev.qgjob.protocol;

/** What happens to the app's state between tests. On the wire in lower case, with hyphens. */
public enum ResetPolicy {
  /** uninstall and install for every test */
  FULL,
  /** the app stays, its data is cleared before each test */
  CLEAR_DATA,
  /** as clear-data; a test that fails is tried once more under full. Never sent to a worker */
  CONFIRM,
  /** app and data stay */
  NONE;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
