package dev.qgjob.worker.discovery;

import dev.qgjob.worker.process.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The adb program, for the things that the server's socket cannot do. */
public final class AdbTool {
  private static final int START_S = 30;
  private static final int KILL_S = 5;

  private final Path program;
  private final int port;

  AdbTool(Path program, int port) {
    this.program = program;
    this.port = port;
  }

  /** Finds adb in the Android SDK's folder or on the path. */
  public static Optional<AdbTool> find(Map<String, String> environment, int port) {
    return Programs.ofAndroid(environment, "platform-tools", "adb")
        .map(program -> new AdbTool(program, port));
  }

  /** Starts the adb server unless it runs. */
  void startServer() throws IOException, InterruptedException {
    run(START_S, "start-server");
  }

  /** Asks an emulator, by its console, to shut down. */
  public void killEmulator(String serial) throws IOException, InterruptedException {
    run(KILL_S, "-s", serial, "emu", "kill");
  }

  private void run(int mostSeconds, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(program.toString(), "-P", Integer.toString(port)));
    command.addAll(List.of(arguments));
    String said = program + " " + String.join(" ", arguments);
    Process adb =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!adb.waitFor(mostSeconds, TimeUnit.SECONDS)) {
        throw new IOException(said + " did not end within " + mostSeconds + " s");
      }
    } finally {
      adb.destroyForcibly();
    }
    if (adb.exitValue() != 0) {
      throw new IOException(said + " failed with exit code " + adb.exitValue());
    }
  }
}
