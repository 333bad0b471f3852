package dev.qgjob.simfarm.shell;

import dev.qgjob.simfarm.apk.Apk;
import dev.qgjob.simfarm.phone.InstalledPackage;
import dev.qgjob.simfarm.phone.Phone;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What {@code dumpsys package P} tells, in the shape that Android 14 has and that Appium's patterns
 * read.
 */
final class PackageDump {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private PackageDump() {}

  static String of(Phone phone, String packageName) {
    Optional<InstalledPackage> found = phone.packages().find(packageName);
    return found.isEmpty()
        ? "Unable to find package: " + packageName + "\n"
        : text(found.get(), phone.processes().containsKey(packageName));
  }

  private static String text(InstalledPackage installed, boolean runs) {
    Apk apk = installed.apk();
    StringBuilder out = new StringBuilder();
    apk.mainActivity()
        .ifPresent(
            activity ->
                out.append("Activity Resolver Table:\n  Non-Data Actions:\n")
                    .append("      android.intent.action.MAIN:\n        1a2b3c4 ")
                    .append(PackageCommands.component(apk.packageName(), activity))
                    .append(" filter 5d6e7f8\n          Action: \"android.intent.action.MAIN\"\n")
                    .append("          Category: \"android.intent.category.LAUNCHER\"\n\n"));
    out.append("Packages:\n  Package [")
        .append(apk.packageName())
        .append("] (1f2e3d4):\n")
        .append("    codePath=")
        .append(folder(installed.path()))
        .append("\n    versionCode=")
        .append(apk.versionCode())
        .append(" minSdk=")
        .append(apk.minSdk())
        .append(" targetSdk=")
        .append(apk.targetSdk())
        .append("\n    versionName=")
        .append(apk.versionName())
        .append("\n    apkSigningVersion=2\n    signatures=PackageSignatures{")
        .append(apk.signer().isEmpty() ? "unknown" : apk.signer().substring(0, 8))
        .append(" version:2, signatures:[")
        .append(apk.signer())
        .append("], past signatures:[]}\n    flags=[ DEBUGGABLE HAS_CODE ALLOW_CLEAR_USER_DATA ]\n")
        .append("    timeStamp=")
        .append(time(installed.lastUpdated()))
        .append("\n    lastUpdateTime=")
        .append(time(installed.lastUpdated()))
        .append("\n    requested permissions:\n");
    apk.permissions().forEach(name -> out.append("      ").append(name).append('\n'));
    out.append("    install permissions:\n");
    out.append("    User 0: ceDataInode=1 installed=true hidden=false suspended=false stopped=")
        .append(!runs)
        .append(" notLaunched=false enabled=0 instant=false virtual=false\n      firstInstallTime=")
        .append(time(installed.firstInstalled()))
        .append("\n      runtime permissions:\n");
    apk.permissions()
        .forEach(
            name ->
                out.append("        ")
                    .append(name)
                    .append(": granted=")
                    .append(installed.granted().contains(name))
                    .append(", flags=[ USER_SENSITIVE_WHEN_GRANTED]\n"));
    return out.toString();
  }

  private static String folder(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
