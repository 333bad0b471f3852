package dev.qgjob.worker.appwright;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The Android SDK's folder, which AppWright and Appium look for in ANDROID_HOME. */
public final class AndroidSdk {
  private static final String BUILD_TOOLS = "build-tools/34.0.0";

  private AndroidSdk() {}

  /**
   * The SDK that the environment names; where it names none, a folder of the same form with the
   * tools found on the PATH, as distributions package them.
   *
   * @throws IOException when there is no adb, with what to do
   */
  public static Path locate(Map<String, String> environment, Path stateDir) throws IOException {
    for (String name : new String[] {"ANDROID_HOME", "ANDROID_SDK_ROOT"}) {
      String value = environment.get(name);
      if (value != null && Files.isDirectory(Path.of(value))) {
        return Path.of(value);
      }
    }
    Path sdk = stateDir.toAbsolutePath().resolve("sdk");
    Path adb =
        onPath(environment, "adb")
            .orElseThrow(
                () ->
                    new IOException(
                        "no Android SDK: set ANDROID_HOME, or install adb, aapt and apksigner"));
    link(sdk.resolve("platform-tools/adb"), adb);
    for (String tool : new String[] {"aapt", "aapt2", "apksigner", "zipalign"}) {
      Optional<Path> found = onPath(environment, tool);
      if (found.isPresent()) {
        link(sdk.resolve(BUILD_TOOLS).resolve(tool), found.get());
      }
    }
    Path jar = Path.of("/usr/share/java/apksigner.jar");
    if (Files.exists(jar)) {
      link(sdk.resolve(BUILD_TOOLS).resolve("lib/apksigner.jar"), jar);
    }
    return sdk;
  }

  private static void link(Path at, Path to) throws IOException {
    Path parent = at.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(at);
    }
    Files.createSymbolicLink(at, to);
  }

  private static Optional<Path> onPath(Map<String, String> environment, String name)
      throws IOException {
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        Path file = Path.of(folder, name);
        if (Files.isExecutable(file)) {
          return Optional.of(file.toRealPath());
        }
      }
    }
    return Optional.empty();
  }
}
