package dev.qgjob.scheduler.broker;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where the broker is and who may do what there, as the start script says it in system properties
 * and the environment.
 *
 * @param publicUrl the broker as workers reach it, {@code tcp://host:port}
 * @param worker whom workers are at the broker: may consume and nothing else
 * @param server whom the server is, or null for the embedded broker, which knows it by its JVM
 */
public record BrokerSettings(String publicUrl, Login worker, @Nullable Login server) {

  /** A user of the broker. Its text form does not show the password. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  private static final String WORKER = "worker";

  /**
   * As this process was started; throws {@link IllegalStateException} that names what is missing.
   */
  public static BrokerSettings current() {
    return of(System.getProperties(), System.getenv());
  }

  static BrokerSettings of(Properties properties, Map<String, String> environment) {
    String url = properties.getProperty("qgjob.broker.public-url");
    if (url == null) {
      throw new IllegalStateException(
          "the system property qgjob.broker.public-url is missing: start the server with qgjob-server");
    }
    if (environment.containsKey("QGJOB_BROKER_URL")) {
      return new BrokerSettings(
          url,
          login(environment, "QGJOB_WORKER_BROKER_USER", "QGJOB_WORKER_BROKER_PASSWORD"),
          login(environment, "QGJOB_BROKER_USER", "QGJOB_BROKER_PASSWORD"));
    }
    return new BrokerSettings(url, workerOf(properties.getProperty("qgjob.broker.users")), null);
  }

  private static Login login(
      Map<String, String> environment, String userName, String passwordName) {
    String user = environment.get(userName);
    String password = environment.get(passwordName);
    if (user == null || password == null) {
      throw new IllegalStateException(
          "with QGJOB_BROKER_URL both " + userName + " and " + passwordName + " must be set");
    }
    return new Login(user, password);
  }

  private static Login workerOf(@Nullable String usersFile) {
    if (usersFile == null) {
      throw new IllegalStateException(
          "the system property qgjob.broker.users is missing: start the server with qgjob-server");
    }
    var users = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(usersFile))) {
      users.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the broker's users from " + usersFile, e);
    }
    String password = users.getProperty(WORKER);
    if (password == null) {
      throw new IllegalStateException("the user '" + WORKER + "' is missing in " + usersFile);
    }
    return new Login(WORKER, password);
  }
}
