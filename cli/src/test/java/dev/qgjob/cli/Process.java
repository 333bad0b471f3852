package dev.qgjob.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs of qgjob with surroundings that a test can see: the whole command, without a process. */
public final class Process {
  /** How one ended. */
  public record End(int code, String out, String err) {}

  private final Path folder;
  private final Map<String, String> env = new HashMap<>();
  private final TestTime time = new TestTime();
  private String in = "";
  private boolean terminal;

  /**
   * @param folder the working folder; a home is made below it
   */
  public Process(Path folder) {
    this.folder = folder;
    env.put("PATH", System.getenv("PATH"));
    env.put("HOME", folder.resolve("home").toString());
  }

  public Process at(ScriptedServer server) {
    return env("QGJOB_SERVER", server.url()).env("QGJOB_TOKEN", ScriptedServer.TOKEN);
  }

  public Process env(String name, String value) {
    env.put(name, value);
    return this;
  }

  public Process stdin(String text) {
    in = text;
    return this;
  }

  public Process onATerminal() {
    terminal = true;
    return this;
  }

  public Path home() {
    return Path.of(env.get("HOME"));
  }

  public TestTime time() {
    return time;
  }

  public End qgjob(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Start.run(
            new Surroundings(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                env,
                folder,
                time,
                terminal,
                Manner.of(env)),
            args);
    return new End(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Passes only by being waited for. */
  public static final class TestTime implements Time {
    private static final long REAL_MS = 100;
    private Duration now = Duration.ofHours(5);

    @Override
    public Duration elapsed() {
      return now;
    }

    /** What is on its way gets a moment of real time; what is not costs none but this one's. */
    @Override
    public <T> @Nullable T next(BlockingQueue<T> queue, Duration most) throws InterruptedException {
      T next = queue.poll(REAL_MS, TimeUnit.MILLISECONDS);
      if (next == null) {
        now = now.plus(most);
      }
      return next;
    }

    @Override
    public void pause(Duration duration) {
      now = now.plus(duration);
    }
  }
}
