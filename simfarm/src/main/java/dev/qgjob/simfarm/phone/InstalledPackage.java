package dev.qgjob.simfarm.phone;

import dev.qgjob.simfarm.apk.Apk;
import java.time.Instant;
import java.util.Set;

/**
 * A package on a phone.
 *
 * @param path of its APK on the phone
 * @param granted permissions that were granted
 */
public record InstalledPackage(
    Apk apk, String path, Instant firstInstalled, Instant lastUpdated, Set<String> granted) {

  /** Copies the set. */
  public InstalledPackage {
    granted = Set.copyOf(granted);
  }

  InstalledPackage withGranted(Set<String> permissions) {
    return new InstalledPackage(apk, path, firstInstalled, lastUpdated, permissions);
  }
}
