package dev.qgjob.worker.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where this host has a program. */
public final class Programs {
  private Programs() {}

  /** The first on the PATH. */
  public static Optional<Path> onPath(Map<String, String> environment, String name) {
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, name);
      if (!folder.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /**
   * One of the Android SDK that the environment names, else the first on the PATH.
   *
   * @param folder below the SDK's
   */
  public static Optional<Path> ofAndroid(
      Map<String, String> environment, String folder, String name) {
    for (String sdk : new String[] {"ANDROID_HOME", "ANDROID_SDK_ROOT"}) {
      String home = environment.getOrDefault(sdk, "");
      Path program = Path.of(home, folder, name);
      if (!home.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return onPath(environment, name);
  }
}
