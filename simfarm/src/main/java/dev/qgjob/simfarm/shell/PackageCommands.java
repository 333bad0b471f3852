package dev.qgjob.simfarm.shell;

import dev.qgjob.simfarm.apk.Apk;
import dev.qgjob.simfarm.apk.ApkReader;
import dev.qgjob.simfarm.apk.ApkResult;
import dev.qgjob.simfarm.phone.DeviceFiles.Entry;
import dev.qgjob.simfarm.phone.InstallOptions;
import dev.qgjob.simfarm.phone.InstallResult;
import dev.qgjob.simfarm.phone.InstalledPackage;
import dev.qgjob.simfarm.phone.Phone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code pm}, and {@code cmd} for packages. */
final class PackageCommands {
  private final Phone phone;
  private final Executor executor;

  private PackageCommands(Phone phone, Executor executor) {
    this.phone = phone;
    this.executor = executor;
  }

  static Map<String, Command> of(Phone phone, Executor executor) {
    PackageCommands all = new PackageCommands(phone, executor);
    return Map.of("pm", all::pm, "cmd", all::cmd);
  }

  private CompletableFuture<ShellResult> cmd(Invocation invocation) {
    if (invocation.word(1).equals("package")) {
      return pm(
          new Invocation(
              invocation.words().subList(1, invocation.words().size()),
              invocation.stdin(),
              invocation.console()));
    }
    return done(ShellResult.OK);
  }

  private CompletableFuture<ShellResult> pm(Invocation invocation) {
    return switch (invocation.word(1)) {
      case "install" -> install(invocation);
      case "uninstall" -> done(uninstall(invocation));
      case "clear" -> done(clear(invocation));
      case "path" -> done(path(invocation));
      case "list" -> done(list(invocation));
      case "grant" -> done(permit(invocation, true));
      case "revoke" -> done(permit(invocation, false));
      case "resolve-activity" -> done(resolve(invocation));
      case "dump" -> done(ShellResult.text(PackageDump.of(phone, invocation.word(2))));
      default -> done(ShellResult.OK);
    };
  }

  private CompletableFuture<ShellResult> install(Invocation invocation) {
    String path = lastOperand(invocation);
    Optional<Path> file = phone.files().find(path).flatMap(Entry::content);
    if (file.isEmpty()) {
      return done(failure("INSTALL_FAILED_INVALID_URI", "no file " + path));
    }
    ApkResult read = read(file.get());
    if (read instanceof ApkResult.Refused refused) {
      return done(failure(refused.code(), refused.reason()));
    }
    Apk apk = ((ApkResult.Read) read).apk();
    if (apk.size() / 1024 > phone.condition().freeKiB()) {
      return done(
          failure(
              "INSTALL_FAILED_INSUFFICIENT_STORAGE", "Failed to override installation location"));
    }
    InstallOptions options =
        new InstallOptions(!invocation.has("-R"), invocation.has("-d"), invocation.has("-g"));
    CompletableFuture<Void> turn = phone.installer().turn(apk.packageName());
    return turn.isDone()
        ? done(finish(apk, path, options))
        : turn.thenApplyAsync(spent -> finish(apk, path, options), executor);
  }

  private ShellResult finish(Apk apk, String path, InstallOptions options) {
    Optional<Path> file = phone.files().find(path).flatMap(Entry::content);
    if (file.isEmpty()) {
      return failure("INSTALL_FAILED_INVALID_URI", path + " was removed while it was installed");
    }
    try {
      InstallResult result = phone.packages().install(apk, file.get(), options);
      if (result instanceof InstallResult.Refused refused) {
        return failure(refused.code(), refused.reason());
      }
      phone.replaced(apk.packageName());
      return ShellResult.line("Success");
    } catch (IOException e) {
      return failure("INSTALL_FAILED_INSUFFICIENT_STORAGE", String.valueOf(e.getMessage()));
    }
  }

  private static ApkResult read(Path file) {
    try {
      return ApkReader.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ShellResult uninstall(Invocation invocation) {
    return phone.uninstall(lastOperand(invocation))
        ? ShellResult.line("Success")
        : failure("DELETE_FAILED_INTERNAL_ERROR", "");
  }

  private ShellResult clear(Invocation invocation) {
    return phone.clear(lastOperand(invocation))
        ? ShellResult.line("Success")
        : new ShellResult("Failed\n", "", 1);
  }

  private ShellResult path(Invocation invocation) {
    return phone
        .packages()
        .find(lastOperand(invocation))
        .map(installed -> ShellResult.line("package:" + installed.path()))
        .orElse(new ShellResult("", "", 1));
  }

  private ShellResult list(Invocation invocation) {
    return switch (invocation.word(2)) {
      case "packages" -> ShellResult.text(packages(invocation));
      case "instrumentation" -> ShellResult.text(instrumentation());
      case "features" -> ShellResult.line("feature:reqGlEsVersion=0x30000");
      case "users" -> ShellResult.text("Users:\n\tUserInfo{0:Owner:4c13} running\n");
      default -> ShellResult.OK;
    };
  }

  private String packages(Invocation invocation) {
    List<String> operands =
        invocation.operands(3).stream().filter(word -> !word.equals("0")).toList();
    String filter = operands.isEmpty() ? "" : operands.get(0);
    StringBuilder out = new StringBuilder();
    if (!invocation.has("-3")) {
      for (String system : List.of("android", "com.android.launcher3", "com.android.settings")) {
        if (system.contains(filter)) {
          out.append("package:").append(system).append('\n');
        }
      }
    }
    for (InstalledPackage each : phone.packages().all()) {
      String name = each.apk().packageName();
      if (name.contains(filter) && !invocation.has("-s")) {
        out.append("package:")
            .append(invocation.has("-f") ? each.path() + "=" : "")
            .append(name)
            .append(
                invocation.has("--show-versioncode")
                    ? " versionCode:" + each.apk().versionCode()
                    : "")
            .append('\n');
      }
    }
    return out.toString();
  }

  private String instrumentation() {
    StringBuilder out = new StringBuilder();
    for (InstalledPackage each : phone.packages().all()) {
      each.apk()
          .instruments()
          .ifPresent(
              target ->
                  out.append("instrumentation:")
                      .append(each.apk().packageName())
                      .append("/androidx.test.runner.AndroidJUnitRunner (target=")
                      .append(target)
                      .append(")\n"));
    }
    return out.toString();
  }

  private ShellResult permit(Invocation invocation, boolean grant) {
    List<String> operands = invocation.operands(2);
    if (operands.size() < 2) {
      return ShellResult.error("usage: pm " + invocation.word(1) + " PACKAGE PERMISSION", 255);
    }
    return phone.packages().permit(operands.get(0), operands.get(1), grant)
        ? ShellResult.OK
        : ShellResult.error("Unknown package: " + operands.get(0), 255);
  }

  private ShellResult resolve(Invocation invocation) {
    return phone
        .packages()
        .find(lastOperand(invocation))
        .flatMap(installed -> installed.apk().mainActivity())
        .map(
            activity ->
                ShellResult.text(
                    "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false\n"
                        + component(lastOperand(invocation), activity)
                        + "\n"))
        .orElse(ShellResult.line("No activity found"));
  }

  /** Android's short form: the class without the package where that is the same. */
  static String component(String packageName, String activity) {
    return packageName
        + "/"
        + (activity.startsWith(packageName + ".")
            ? activity.substring(packageName.length())
            : activity);
  }

  private static String lastOperand(Invocation invocation) {
    List<String> operands = invocation.operands(2);
    return operands.isEmpty() ? "" : operands.get(operands.size() - 1);
  }

  private static ShellResult failure(String code, String reason) {
    return new ShellResult(
        reason.isEmpty()
            ? "Failure [" + code + "]\n"
            : String.format(Locale.ROOT, "Failure [%s: %s]%n", code, reason).replace("\r", ""),
        "",
        1);
  }

  private static CompletableFuture<ShellResult> done(ShellResult result) {
    return CompletableFuture.completedFuture(result);
  }
}
