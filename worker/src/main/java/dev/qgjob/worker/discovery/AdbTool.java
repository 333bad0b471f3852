package dev.qgjob.worker.discovery;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The adb program, for the one thing that the socket cannot do: start the server. */
public final class AdbTool {
  private final Path program;
  private final int port;

  AdbTool(Path program, int port) {
    this.program = program;
    this.port = port;
  }

  /** Finds adb in the Android SDK's folder or on the path. */
  public static Optional<AdbTool> find(Map<String, String> environment, int port) {
    for (String sdk : new String[] {"ANDROID_HOME", "ANDROID_SDK_ROOT"}) {
      String home = environment.getOrDefault(sdk, "");
      Path program = Path.of(home, "platform-tools", "adb");
      if (!home.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(new AdbTool(program, port));
      }
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path program = Path.of(folder, "adb");
      if (!folder.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(new AdbTool(program, port));
      }
    }
    return Optional.empty();
  }

  /** Starts the adb server unless it runs. */
  void startServer() throws IOException, InterruptedException {
    Process adb =
        new ProcessBuilder(program.toString(), "-P", Integer.toString(port), "start-server")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!adb.waitFor(30, TimeUnit.SECONDS)) {
      adb.destroyForcibly();
      throw new IOException(program + " start-server did not end within 30 s");
    }
    if (adb.exitValue() != 0) {
      throw new IOException(program + " start-server failed with exit code " + adb.exitValue());
    }
  }
}
