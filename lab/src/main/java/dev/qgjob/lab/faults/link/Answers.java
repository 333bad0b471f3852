package dev.qgjob.lab.faults.link;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Reads a wire's answers while nothing is asked, too: a server that closes a connection which it
 * kept open closes the worker's end with it, as it would without a link in between. Otherwise the
 * worker would keep dead connections and find out one request at a time.
 */
final class Answers implements Runnable {
  private final Wire wire;
  private final Gate gate;
  private final BlockingQueue<Optional<HttpMessage>> read = new LinkedBlockingQueue<>();
  private volatile boolean head;
  private volatile boolean asked;
  private volatile boolean over;

  Answers(Wire wire, Gate gate) {
    this.wire = wire;
    this.gate = gate;
  }

  /** A request is about to be sent, by the thread that will ask for its answer. */
  void expect(boolean answersHead) {
    head = answersHead;
    asked = true;
  }

  /** The answer to the request; empty when the server's end closed instead. */
  Optional<HttpMessage> next() throws InterruptedException {
    return read.take();
  }

  /** The answer was dealt with; false when the server's end is closed. */
  boolean goOn() {
    asked = false;
    return !over;
  }

  @Override
  public void run() {
    try {
      InputStream in = new BufferedInputStream(wire.fromServer());
      for (Optional<HttpMessage> answer = HttpMessage.read(in, () -> head);
          answer.isPresent();
          answer = HttpMessage.read(in, () -> head)) {
        read.add(answer);
      }
    } catch (IOException e) {
      // broken: over as well
    }
    over = true;
    read.add(Optional.empty());
    closeWhenIdle();
  }

  private void closeWhenIdle() {
    try {
      // a network that carries nothing does not carry the end of a connection either
      if (gate.pass(Gate.Way.TO_WORKER) && !asked) {
        wire.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
