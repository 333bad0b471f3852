package dev.qgjob.simfarm.adb;

/** Open as a rule; while it is closed, whoever wants to pass waits. Thread-safe. */
public final class Gate {
  private boolean closed;

  /** Waits until the gate is open. */
  public synchronized void pass() throws InterruptedException {
    while (closed) {
      wait();
    }
  }

  /** Makes everybody wait from now on. */
  public synchronized void close() {
    closed = true;
  }

  /** Lets everybody through again. */
  public synchronized void open() {
    closed = false;
    notifyAll();
  }

  /** Whether passing would wait. */
  public synchronized boolean isClosed() {
    return closed;
  }
}
