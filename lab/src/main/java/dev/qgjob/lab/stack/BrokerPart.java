package dev.qgjob.lab.stack;

import java.util.Map;

/**
 * An Artemis of this run's own ({@code tools/broker}), as {@code docker/artemis/broker.xml}
 * describes it. It may be killed, and started again on the same port with its data or without.
 * Closing it ends it and deletes the data. Not thread-safe.
 */
public final class BrokerPart implements AutoCloseable {
  private final Tool tool;

  private BrokerPart(Tool tool) {
    this.tool = tool;
  }

  /** Starts one on a free port. */
  public static BrokerPart start(Distribution distribution) {
    return new BrokerPart(new Tool(distribution.root().resolve("tools/broker"), Map.of()));
  }

  /** Where it listens, {@code tcp://127.0.0.1:port}. */
  public String url() {
    return "tcp://127.0.0.1:" + port();
  }

  /** Port on loopback. */
  public int port() {
    return tool.port();
  }

  /** The user that servers have; its password is its name. */
  public String serverUser() {
    return "server";
  }

  /** The user that workers have; its password is its name. */
  public String workerUser() {
    return "worker";
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    tool.kill();
  }

  /** Stops it in good order. */
  public void stop() {
    tool.stop();
  }

  /** Ends it where it runs, and deletes all that it held. */
  public void wipe() {
    tool.wipe();
  }

  /** Starts it again on the same port, with the data that is there; returns when it is ready. */
  public void restart() {
    tool.start();
  }

  @Override
  public void close() {
    tool.close();
  }
}
