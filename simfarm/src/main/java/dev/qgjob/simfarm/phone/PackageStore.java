package dev.qgjob.simfarm.phone;

import dev.qgjob.simfarm.apk.Apk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The packages of one phone and the counts of what was done with them. An install that a real phone
 * would refuse is refused with the same code. Thread-safe; every change is told to the listener
 * afterwards.
 */
public final class PackageStore {
  private final DeviceFiles files;
  private final InstantSource clock;
  private final Runnable onChange;
  private final Map<String, InstalledPackage> packages = new TreeMap<>();
  private final Map<InstalledBinary, Integer> binaries = new TreeMap<>();
  private Counts counts = Counts.ZERO;

  /** A phone fresh from the shop. */
  public PackageStore(DeviceFiles files, InstantSource clock, Runnable onChange) {
    this.files = files;
    this.clock = clock;
    this.onChange = onChange;
  }

  /** One binary of one package, as it was installed at some time. */
  public record InstalledBinary(String packageName, String sha256)
      implements Comparable<InstalledBinary> {
    @Override
    public int compareTo(InstalledBinary other) {
      int byName = packageName.compareTo(other.packageName);
      return byName != 0 ? byName : sha256.compareTo(other.sha256);
    }
  }

  /** Whether the package is one of those that Appium's driver brings along. */
  public static boolean isHelper(String packageName) {
    return packageName.equals("io.appium.settings")
        || packageName.equals("io.appium.uiautomator2.server")
        || packageName.equals("io.appium.uiautomator2.server.test");
  }

  /**
   * Puts the package on the phone, or says why a phone would not. The APK's bytes are copied, so
   * the caller may remove its file.
   *
   * @throws IOException if the phone's scratch folder cannot be written
   */
  public InstallResult install(Apk apk, Path bytes, InstallOptions options) throws IOException {
    InstalledPackage installed;
    synchronized (this) {
      InstalledPackage present = packages.get(apk.packageName());
      Optional<InstallResult.Refused> refusal = refusal(apk, present, options);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      Instant now = clock.instant();
      String path =
          "/data/app/~~" + apk.sha256().substring(0, 16) + "/" + apk.packageName() + "-1/base.apk";
      Path copy = files.scratchFile();
      Files.copy(bytes, copy);
      if (present != null) {
        files.remove(present.path());
      }
      files.put(path, copy, now);
      Set<String> granted =
          options.grantPermissions()
              ? Set.copyOf(apk.permissions())
              : present == null ? Set.of() : present.granted();
      installed =
          new InstalledPackage(
              apk, path, present == null ? now : present.firstInstalled(), now, granted);
      packages.put(apk.packageName(), installed);
      counts = counts.plusInstall(isHelper(apk.packageName()));
      binaries.merge(new InstalledBinary(apk.packageName(), apk.sha256()), 1, Integer::sum);
    }
    onChange.run();
    return new InstallResult.Installed(installed);
  }

  /** Takes the package off the phone. Returns whether it was there. */
  public boolean uninstall(String packageName) {
    synchronized (this) {
      InstalledPackage gone = packages.remove(packageName);
      if (gone == null) {
        return false;
      }
      files.remove(gone.path());
      counts = counts.plusUninstall(isHelper(packageName));
    }
    onChange.run();
    return true;
  }

  /** Counts that the package's data was cleared. Returns whether the package is there. */
  public boolean clear(String packageName) {
    synchronized (this) {
      InstalledPackage present = packages.get(packageName);
      if (present == null) {
        return false;
      }
      packages.put(packageName, present.withGranted(Set.of()));
      counts = counts.plusClear(isHelper(packageName));
    }
    onChange.run();
    return true;
  }

  /** Counts that the package was launched. */
  public void launched(String packageName) {
    synchronized (this) {
      counts = counts.plusLaunch(isHelper(packageName));
    }
    onChange.run();
  }

  /** Grants or revokes a permission. Returns whether the package is there. */
  public synchronized boolean permit(String packageName, String permission, boolean grant) {
    InstalledPackage present = packages.get(packageName);
    if (present == null) {
      return false;
    }
    Set<String> granted = new HashSet<>(present.granted());
    if (grant) {
      granted.add(permission);
    } else {
      granted.remove(permission);
    }
    packages.put(packageName, present.withGranted(granted));
    return true;
  }

  /** The package, if it is on the phone. */
  public synchronized Optional<InstalledPackage> find(String packageName) {
    return Optional.ofNullable(packages.get(packageName));
  }

  /** All packages by name. */
  public synchronized List<InstalledPackage> all() {
    return List.copyOf(packages.values());
  }

  /** The counts since {@link #resetCounts()}. */
  public synchronized Counts counts() {
    return counts;
  }

  /** How often each binary was installed since {@link #resetCounts()}, by package and SHA-256. */
  public synchronized Map<InstalledBinary, Integer> binaries() {
    return new TreeMap<>(binaries);
  }

  /** Sets all counts to zero; the packages stay. */
  public void resetCounts() {
    synchronized (this) {
      counts = Counts.ZERO;
      binaries.clear();
    }
    onChange.run();
  }

  private static Optional<InstallResult.Refused> refusal(
      Apk apk,
      @org.jspecify.annotations.Nullable InstalledPackage present,
      InstallOptions options) {
    List<InstallResult.Refused> reasons = new ArrayList<>();
    if (apk.minSdk() > PhoneIdentity.SDK) {
      reasons.add(
          new InstallResult.Refused(
              "INSTALL_FAILED_OLDER_SDK",
              "Requires newer sdk version #"
                  + apk.minSdk()
                  + " (current version is #"
                  + PhoneIdentity.SDK
                  + ")"));
    }
    if (!apk.abis().isEmpty() && apk.abis().stream().noneMatch(PhoneIdentity.ABIS::contains)) {
      reasons.add(
          new InstallResult.Refused(
              "INSTALL_FAILED_NO_MATCHING_ABIS", "Failed to extract native libraries, res=-113"));
    }
    if (present != null && !options.replace()) {
      reasons.add(
          new InstallResult.Refused(
              "INSTALL_FAILED_ALREADY_EXISTS",
              "Attempt to re-install " + apk.packageName() + " without first uninstalling."));
    }
    if (present != null && !present.apk().signer().equals(apk.signer())) {
      reasons.add(
          new InstallResult.Refused(
              "INSTALL_FAILED_UPDATE_INCOMPATIBLE",
              "Existing package "
                  + apk.packageName()
                  + " signatures do not match newer version; ignoring!"));
    }
    if (present != null
        && !(options.downgrade() && present.apk().debuggable())
        && apk.versionCode() < present.apk().versionCode()) {
      reasons.add(
          new InstallResult.Refused(
              "INSTALL_FAILED_VERSION_DOWNGRADE",
              "Downgrade detected: Update version code "
                  + apk.versionCode()
                  + " is older than current "
                  + present.apk().versionCode()));
    }
    return reasons.stream().findFirst();
  }
}
