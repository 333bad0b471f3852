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
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where and as whom workers reach the broker, as the server's start script says it.
 *
 * <p>System properties: {@code qgjob.broker.public-url}, the address as workers see it; {@code
 * qgjob.broker.users}, the file of {@code user=password} lines of the embedded broker; {@code
 * qgjob.broker.queue-prefix}, what a client puts before a queue's name. The embedded broker's names
 * carry {@code jms.queue.}, those of a broker outside, told by {@code QGJOB_BROKER_URL}, none.
 * Environment: {@code QGJOB_WORKER_BROKER_USER} and {@code QGJOB_WORKER_BROKER_PASSWORD} for a
 * broker outside.
 *
 * @param queuePrefix before every queue's name
 */
public record BrokerSettings(BrokerAccess access, String queuePrefix) {
  private static final String USER = "worker";

  /** What the start script said. */
  public static BrokerSettings ofServer() {
    return of(System::getProperty, System::getenv);
  }

  static BrokerSettings of(
      UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
    String url =
        Objects.requireNonNullElse(
            properties.apply("qgjob.broker.public-url"), "tcp://127.0.0.1:61616");
    String user = Objects.requireNonNullElse(environment.apply("QGJOB_WORKER_BROKER_USER"), USER);
    @Nullable String password = environment.apply("QGJOB_WORKER_BROKER_PASSWORD");
    @Nullable String prefix = properties.apply("qgjob.broker.queue-prefix");
    boolean embedded = environment.apply("QGJOB_BROKER_URL") == null;
    return new BrokerSettings(
        new BrokerAccess(
            url,
            user,
            password != null ? password : fromFile(properties.apply("qgjob.broker.users"), user)),
        prefix != null ? prefix : embedded ? "jms.queue." : "");
  }

  private static String fromFile(@Nullable String file, String user) {
    if (file == null || !Files.isReadable(Path.of(file))) {
      return "";
    }
    Properties users = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(file))) {
      users.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's users cannot be read from " + file, e);
    }
    return users.getProperty(user, "");
  }

  /** Target to its shared queue, as a client addresses it. */
  Map<Target, String> jobQueues() {
    Map<Target, String> queues = new EnumMap<>(Target.class);
    for (Target target : Target.values()) {
      queues.put(target, queuePrefix + "jobs." + Wire.name(target));
    }
    return queues;
  }

  /** A worker's own queue, as a client addresses it. */
  String ownQueue(String workerId) {
    return queuePrefix + "worker." + workerId;
  }
}
