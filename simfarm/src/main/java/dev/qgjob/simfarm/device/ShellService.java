package dev.qgjob.simfarm.device;

import dev.qgjob.simfarm.adb.AdbStream;
import dev.qgjob.simfarm.adb.Service;
import dev.qgjob.simfarm.shell.Console;
import dev.qgjob.simfarm.shell.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code shell:} and {@code exec:} services: one command line, its output, and the end. */
final class ShellService implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(ShellService.class);

  private final Shell shell;
  private final String line;

  ShellService(Shell shell, String line) {
    this.shell = shell;
    this.line = line;
  }

  @Override
  public CompletionStage<?> serve(AdbStream stream) {
    return shell.run(line, new StreamConsole(stream));
  }

  private record StreamConsole(AdbStream stream) implements Console {
    @Override
    public void print(String text) {
      print(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void print(byte[] bytes) {
      try {
        stream.write(bytes, 0, bytes.length);
      } catch (IOException e) {
        LOG.debug("nobody reads the output any more: {}", e.getMessage());
      }
    }

    @Override
    public void onHangUp(Runnable action) {
      stream.onHangUp(action);
    }
  }
}
