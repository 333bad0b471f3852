package dev.qgjob.simfarm.apk;

/** What came of reading an APK. */
public sealed interface ApkResult {
  /** The file is an APK that a phone would take. */
  record Read(Apk apk) implements ApkResult {}

  /**
   * A phone would refuse the file.
   *
   * @param code as Android names it, such as {@code INSTALL_PARSE_FAILED_NOT_APK}
   */
  record Refused(String code, String reason) implements ApkResult {}
}
