package dev.qgjob.worker.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running command with all that it starts. Thread-safe. */
public final class Child implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Child.class);

  /** How long the launcher gets to end the tree before it is done without it. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final CompletableFuture<Exit> exit = new CompletableFuture<>();
  private final Process launcher;
  private final OutputLog log;
  private final String mark;
  private final Leftovers leftovers;
  private volatile long group;
  private volatile boolean killed;

  private Child(Process launcher, OutputLog log, String mark, Leftovers leftovers) {
    this.launcher = launcher;
    this.log = log;
    this.mark = mark;
    this.leftovers = leftovers;
  }

  static Child start(
      Command command,
      String node,
      Tools tools,
      Leftovers leftovers,
      String mark,
      Duration patience,
      ProcessListener listener)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(node);
    arguments.add(tools.launcher().toString());
    arguments.addAll(command.arguments());
    ProcessBuilder builder = new ProcessBuilder(arguments).directory(command.folder().toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.putAll(command.environment());
    environment.remove("NODE_OPTIONS");
    String compiled = environment.remove("NODE_COMPILE_CACHE");
    if (compiled != null) {
      environment.put("QGJOB_CHILD_NODE_COMPILE_CACHE", compiled);
    }
    environment.put(Marks.VARIABLE, mark);
    environment.put("QGJOB_PATIENCE_MS", Long.toString(patience.toMillis()));
    String options = command.nodeOptions();
    if (options != null) {
      environment.put("QGJOB_CHILD_NODE_OPTIONS", options);
    }
    OutputLog log = new OutputLog(command.log());
    Process launcher;
    try {
      // noted before it runs: between the start and the group's number only the mark is known
      leftovers.note(mark, 0);
      launcher = builder.start();
    } catch (IOException e) {
      log.close();
      leftovers.crossOut(mark);
      throw e;
    }
    Child child = new Child(launcher, log, mark, leftovers);
    Thread errors = new Thread(child::readErrors, "stderr-" + mark);
    errors.setDaemon(true);
    errors.start();
    Thread reader = new Thread(() -> child.read(listener), "child-" + mark);
    reader.setDaemon(true);
    reader.start();
    return child;
  }

  private void read(ProcessListener listener) {
    Exit how = new Exit.Ended("the launcher ended without a word");
    try (BufferedReader lines = launcher.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.length() < 2) {
          continue;
        }
        String text = line.substring(2);
        switch (line.charAt(0)) {
          case 'p' -> {
            group = Long.parseLong(text);
            leftovers.note(mark, group);
          }
          case 'o', 'e' -> {
            log.add(text);
            tell(() -> listener.onLine(text));
          }
          case 'r' -> tell(() -> listener.onReport(text));
          case 'f' -> how = new Exit.NotStarted(text);
          case 'x' -> how = new Exit.Ended(text);
          default -> log.add(line);
        }
      }
    } catch (IOException e) {
      LOG.debug("reading from {} ended: {}", mark, e.getMessage());
    } finally {
      Marks.killAll(0, mark); // nobody is left when the launcher did its work
      leftovers.crossOut(mark);
      log.close();
      Exit end = killed ? new Exit.Killed() : how;
      tell(() -> listener.onExit(end));
      exit.complete(end);
    }
  }

  /** A listener's mistake must not stop the reading: the child would block on a full pipe. */
  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("a listener of {} failed", mark, e);
    }
  }

  private void readErrors() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(launcher.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add("launcher: " + line);
      }
    } catch (IOException e) {
      LOG.debug("stderr of {} ended: {}", mark, e.getMessage());
    }
  }

  /** Whether it still runs. */
  public boolean alive() {
    return !exit.isDone();
  }

  /** Tells the launcher that this process is not frozen; false once nobody is there to be told. */
  boolean giveSign() {
    if (!alive()) {
      return false;
    }
    try {
      launcher.getOutputStream().write('.');
      launcher.getOutputStream().flush();
      return true;
    } catch (IOException e) {
      return false; // it is ending
    }
  }

  /** The last lines it wrote. */
  public OutputLog log() {
    return log;
  }

  /** Ends it and all that it started; returns when they are gone, within about two seconds. */
  public void kill() {
    if (exit.isDone()) {
      return;
    }
    killed = true;
    try {
      launcher.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("the launcher of {} is gone already", mark);
    }
    if (await(PATIENCE)) {
      return;
    }
    launcher.destroyForcibly();
    Marks.killAll(group, mark);
    await(PATIENCE);
  }

  /**
   * Waits for its end; whatever has not ended by then is killed.
   *
   * @throws InterruptedException after killing it
   */
  public Exit waitFor(Duration most) throws InterruptedException {
    try {
      return exit.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      kill();
      return new Exit.Killed();
    } catch (InterruptedException e) {
      kill();
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean await(Duration most) {
    boolean interrupted = Thread.interrupted();
    try {
      exit.get(most.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      interrupted = true;
      return exit.isDone();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    kill();
  }
}
