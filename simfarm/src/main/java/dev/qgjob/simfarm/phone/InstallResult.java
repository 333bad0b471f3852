package dev.qgjob.simfarm.phone;

/** What came of an install. */
public sealed interface InstallResult {
  /** The package is on the phone now. */
  record Installed(InstalledPackage installed) implements InstallResult {}

  /**
   * The phone is as it was.
   *
   * @param code as Android names it
   */
  record Refused(String code, String reason) implements InstallResult {}
}
