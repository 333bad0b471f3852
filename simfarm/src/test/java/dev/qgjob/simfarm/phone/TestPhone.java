package dev.qgjob.simfarm.phone;

import dev.qgjob.simfarm.apk.TestApk;
import dev.qgjob.simfarm.screen.Screens;
import dev.qgjob.simfarm.shell.Console;
import dev.qgjob.simfarm.shell.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore.PrivateKeyEntry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A phone without a wire, and its shell. */
public final class TestPhone implements AutoCloseable {
  public static final PrivateKeyEntry KEY = TestApk.key();

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Path folder;
  public final Phone phone;
  public final Shell shell;

  public TestPhone(Path folder) {
    this(folder, Duration.ZERO, Screens.builtIn());
  }

  public TestPhone(Path folder, Duration installTime, Screens screens) {
    this.folder = folder;
    this.phone =
        new Phone(
            new PhoneIdentity(5555, 1, PhoneKind.EMULATOR),
            screens,
            folder,
            installTime,
            InstantSource.system(),
            timer,
            () -> {});
    this.shell = new Shell(phone, timer);
  }

  /** Puts a signed APK on the phone's file system, as a push does. */
  public void push(String path, String packageName, int versionCode, String content)
      throws IOException {
    Path apk = TestApk.signed(folder.resolve("x.apk"), packageName, versionCode, content, KEY);
    phone.files().write(path, java.nio.file.Files.readAllBytes(apk), phone.clock().instant());
  }

  /** Runs a line to its end and returns what it said. */
  public String run(String line) {
    Recorder recorder = new Recorder();
    int unused = shell.run(line, recorder).join();
    return recorder.text.toString();
  }

  /** Starts a line that may stay. */
  public CompletableFuture<Integer> start(String line, Recorder recorder) {
    return shell.run(line, recorder);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** Remembers what was said, and can hang up. */
  public static final class Recorder implements Console {
    public final StringBuilder text = new StringBuilder();
    private final List<Runnable> onHangUp = new ArrayList<>();

    @Override
    public void print(String piece) {
      text.append(piece);
    }

    @Override
    public void print(byte[] bytes) {
      text.append(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void onHangUp(Runnable action) {
      onHangUp.add(action);
    }

    public void hangUp() {
      onHangUp.forEach(Runnable::run);
    }
  }
}
