package dev.qgjob.simfarm.control;

import dev.qgjob.simfarm.device.SimulatedPhone;
import dev.qgjob.simfarm.phone.Counts;
import dev.qgjob.simfarm.phone.InstalledPackage;
import dev.qgjob.simfarm.phone.PackageStore;
import java.util.List;

/**
 * A phone as seen from outside.
 *
 * @param serial as adb knows it after {@code adb connect}
 * @param serialNumber as the phone tells it
 * @param kind {@code emulator} or {@code device}
 * @param answering whether adb can reach it
 * @param packages that are installed now
 * @param binaries that were installed since the counts were reset, with how often
 */
public record PhoneReport(
    String serial,
    int port,
    String serialNumber,
    String kind,
    boolean answering,
    Counts counts,
    List<Installed> packages,
    List<Binary> binaries) {

  /** Copies the lists. */
  public PhoneReport {
    packages = List.copyOf(packages);
    binaries = List.copyOf(binaries);
  }

  /** An installed package. */
  public record Installed(
      String packageName,
      long versionCode,
      String versionName,
      String sha256,
      String path,
      boolean helper) {}

  /** A binary and how often it was installed. */
  public record Binary(String packageName, String sha256, int installs, boolean helper) {}

  /** The phone as it is now. */
  public static PhoneReport of(SimulatedPhone simulated) {
    var phone = simulated.phone();
    PackageStore store = phone.packages();
    return new PhoneReport(
        phone.identity().serial(),
        phone.identity().port(),
        phone.identity().serialNumber(),
        phone.identity().kind().name().toLowerCase(java.util.Locale.ROOT),
        simulated.isAnswering(),
        store.counts(),
        store.all().stream().map(PhoneReport::installed).toList(),
        store.binaries().entrySet().stream()
            .map(
                each ->
                    new Binary(
                        each.getKey().packageName(),
                        each.getKey().sha256(),
                        each.getValue(),
                        PackageStore.isHelper(each.getKey().packageName())))
            .toList());
  }

  private static Installed installed(InstalledPackage each) {
    return new Installed(
        each.apk().packageName(),
        each.apk().versionCode(),
        each.apk().versionName(),
        each.apk().sha256(),
        each.path(),
        PackageStore.isHelper(each.apk().packageName()));
  }
}
