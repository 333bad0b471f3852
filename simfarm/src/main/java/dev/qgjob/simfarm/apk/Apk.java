package dev.qgjob.simfarm.apk;

import java.util.List;
import java.util.Optional;

/**
 * What a phone learns from an APK when it installs it.
 *
 * @param sha256 of the whole file, lower-case hex
 * @param md5 of the whole file, lower-case hex
 * @param size in bytes
 * @param versionName as the manifest says, or empty
 * @param label what the launcher would show, as far as the manifest itself says; else the package
 *     name
 * @param mainActivity fully qualified, or empty if the APK has nothing to launch
 * @param debuggable a debug build: only of such ones a lower version replaces a higher one
 * @param activities fully qualified
 * @param signer SHA-256 of the signing certificate, lower-case hex; empty if the signature is of a
 *     scheme that only newer phones read
 * @param instruments the package that the APK's instrumentation tests, if it has one
 * @param abis for which it brings native code; empty for one that runs anywhere
 */
public record Apk(
    String packageName,
    long versionCode,
    String versionName,
    String label,
    int minSdk,
    int targetSdk,
    boolean debuggable,
    Optional<String> mainActivity,
    List<String> activities,
    List<String> permissions,
    String signer,
    Optional<String> instruments,
    List<String> abis,
    String sha256,
    String md5,
    long size) {

  /** Copies the lists. */
  public Apk {
    activities = List.copyOf(activities);
    permissions = List.copyOf(permissions);
    abis = List.copyOf(abis);
  }
}
