package dev.qgjob.api.fleet;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import dev.qgjob.protocol.fleet.BrokerAccess;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where and as whom workers reach the broker, as the server's start script says it.
 *
 * <p>System properties: {@code qgjob.broker.public-url}, the address as workers see it, and {@code
 * qgjob.broker.users}, the file of {@code user=password} lines of the embedded broker. With a
 * broker of one's own ({@code QGJOB_BROKER_URL}) the environment has the user: {@code
 * QGJOB_WORKER_BROKER_USER} and {@code QGJOB_WORKER_BROKER_PASSWORD}.
 */
public record BrokerSettings(BrokerAccess access) {
  private static final String WORKER = "worker";

  /** The server puts it before the name of each of its queues; a client gives the whole name. */
  private static final String PREFIX = "jms.queue.";

  /**
   * What the start script said; throws {@link IllegalStateException} that names what is missing.
   */
  public static BrokerSettings ofServer() {
    return of(System::getProperty, System::getenv);
  }

  static BrokerSettings of(
      UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
    String url = told("qgjob.broker.public-url", properties);
    if (environment.apply("QGJOB_BROKER_URL") != null) {
      return new BrokerSettings(
          new BrokerAccess(
              url,
              told("QGJOB_WORKER_BROKER_USER", environment),
              told("QGJOB_WORKER_BROKER_PASSWORD", environment)));
    }
    return new BrokerSettings(
        new BrokerAccess(url, WORKER, password(Path.of(told("qgjob.broker.users", properties)))));
  }

  private static String told(String name, UnaryOperator<@Nullable String> where) {
    String value = where.apply(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set: start the server with qgjob-server");
    }
    return value;
  }

  private static String password(Path file) {
    Properties users = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      users.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's users cannot be read from " + file, e);
    }
    return told(WORKER, users::getProperty);
  }

  /** Target to its shared queue, as a client addresses it. */
  Map<Target, String> jobQueues() {
    Map<Target, String> queues = new EnumMap<>(Target.class);
    for (Target target : Target.values()) {
      queues.put(target, PREFIX + "jobs." + Wire.name(target));
    }
    return queues;
  }

  /** A worker's own queue, as a client addresses it. */
  String ownQueue(String workerId) {
    return PREFIX + "worker." + workerId;
  }
}
