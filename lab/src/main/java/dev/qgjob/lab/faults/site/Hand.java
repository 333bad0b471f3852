package dev.qgjob.lab.faults.site;

import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.History;
import dev.qgjob.lab.faults.history.Phase;
import dev.qgjob.lab.faults.link.ApiLink;
import dev.qgjob.lab.faults.link.CallLog;
import dev.qgjob.lab.faults.link.RawLink;
import dev.qgjob.lab.stack.StubWorkerPart;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One stub worker with its links. A worker that ends by itself, as a poison job makes it, is
 * started again at once. Thread-safe.
 */
public final class Hand implements AutoCloseable {
  private final StubWorkerPart.Plan plan;
  private final ApiLink api;
  private final RawLink broker;
  private final CallLog calls;
  private final History history;
  private final Executor threads;
  private final AtomicBoolean taken = new AtomicBoolean();

  // guarded by this
  private @Nullable StubWorkerPart part;
  private boolean wanted;

  Hand(
      StubWorkerPart.Plan plan,
      ApiLink api,
      RawLink broker,
      CallLog calls,
      History history,
      Executor threads) {
    this.plan = plan;
    this.api = api;
    this.broker = broker;
    this.calls = calls;
    this.history = history;
    this.threads = threads;
  }

  /** The worker's name. */
  public String name() {
    return plan.name();
  }

  /** Its way to the servers. */
  public ApiLink api() {
    return api;
  }

  /** Its way to the broker. */
  public RawLink broker() {
    return broker;
  }

  /** What went over its way to the servers. */
  public CallLog calls() {
    return calls;
  }

  /** Where its starts and ends are noted. */
  public Path journal() {
    return plan.journal();
  }

  /** Makes it one fault's; false if another has it. */
  public boolean take() {
    return taken.compareAndSet(false, true);
  }

  /** The fault is over. */
  public void giveBack() {
    taken.set(false);
  }

  /** Starts it unless it runs. */
  public synchronized void start() {
    wanted = true;
    StubWorkerPart now = part;
    if (now != null && now.part().isAlive()) {
      return;
    }
    StubWorkerPart fresh = StubWorkerPart.start(plan);
    part = fresh;
    long pid = fresh.part().pid();
    ProcessHandle.of(pid)
        .ifPresent(process -> process.onExit().thenRunAsync(() -> ended(pid), threads));
  }

  private void ended(long pid) {
    history.add(new Event.Died(history.time().now(), Phase.INFO, name(), pid));
    synchronized (this) {
      if (wanted && (part == null || part.part().pid() == pid)) {
        start();
      }
    }
  }

  /** SIGKILL; returns when it is gone, and leaves it so. */
  public synchronized void kill() {
    wanted = false;
    if (part != null) {
      part.part().kill();
    }
  }

  /** SIGSTOP: it stands still with all its threads. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() {
    signal("CONT");
  }

  private synchronized void signal(String name) {
    if (part == null || !part.part().isAlive()) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(part.part().pid()))
          .start()
          .waitFor(5, TimeUnit.SECONDS);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets it end in good order. */
  public synchronized void end() {
    wanted = false;
    if (part != null) {
      thaw();
      part.close();
    }
  }

  @Override
  public void close() {
    end();
    api.close();
    broker.close();
  }
}
