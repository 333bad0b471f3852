package dev.qgjob.it;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * The WildFly that Arquillian starts from {@code target/server}, on the ports that Maven reserved.
 * A test class of the EAR reads
 *
 * <pre>{@code
 * @ExtendWith(ArquillianExtension.class)
 * @RunAsClient
 * class SubmittingIT {
 *   @Deployment(testable = false)
 *   static EnterpriseArchive ear() {
 *     return ServerUnderTest.ear();
 *   }
 * }
 * }</pre>
 *
 * and asks here for addresses and credentials. The server and its data are shared by all classes of
 * a run: make orgs, apps and workers of your own names.
 */
public final class ServerUnderTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private ServerUnderTest() {}

  /**
   * True in the second run where the machine has no MySQL; whoever starts the parts has said so.
   */
  static boolean partsAreMissing() {
    String missing = System.getProperty("qgjob.test.missing");
    return missing != null && Files.exists(Path.of(missing));
  }

  /** The EAR as built. */
  public static EnterpriseArchive ear() {
    return ShrinkWrap.create(ZipImporter.class, "qgjob.ear")
        .importFrom(new File(property("qgjob.test.ear")))
        .as(EnterpriseArchive.class);
  }

  /** The EAR with one more web module beside the others, which sees the scheduler's classes. */
  static EnterpriseArchive earWith(WebArchive probe, String contextRoot) {
    EnterpriseArchive ear = ear();
    String application =
        text(ear.get("META-INF/application.xml").getAsset().openStream())
            .replace(
                "<library-directory>",
                "<module><web><web-uri>%s</web-uri><context-root>%s</context-root></web></module><library-directory>"
                    .formatted(probe.getName(), contextRoot));
    probe.setManifest(
        new StringAsset(
            "Manifest-Version: 1.0\nDependencies: deployment.qgjob.ear.scheduler.jar\n"));
    return ear.setApplicationXML(new StringAsset(application)).addAsModule(probe);
  }

  /** Where it answers, without a slash at the end. */
  public static String url() {
    return "http://127.0.0.1:" + property("qgjob.test.http.port");
  }

  /** Its broker, as a client over TCP reaches it. */
  public static String brokerUrl() {
    return "tcp://127.0.0.1:" + property("qgjob.test.broker.port");
  }

  /** Its home: data, log, secrets. */
  public static Path home() {
    return Path.of(property("qgjob.test.home"));
  }

  /** The token of the first administrator, as the server wrote it at its first start. */
  public static String bootstrapToken() {
    try {
      return Files.readString(home().resolve("bootstrap-token")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String workerUser() {
    return "worker";
  }

  public static String workerPassword() {
    String ofOwnBroker = System.getenv("QGJOB_WORKER_BROKER_PASSWORD");
    return ofOwnBroker == null ? workerPassword(home()) : ofOwnBroker;
  }

  static String workerPassword(Path home) {
    var users = new Properties();
    try (var reader =
        Files.newBufferedReader(home.resolve("configuration/broker-users.properties"))) {
      users.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return users.getProperty("worker");
  }

  /** A started connection as a worker has it. */
  public static Connection connectAsWorker() throws JMSException {
    return connect(workerUser(), workerPassword());
  }

  static Connection connect(String user, String password) throws JMSException {
    var factory =
        new ActiveMQConnectionFactory(
            brokerUrl() + "?reconnectAttempts=0&initialConnectAttempts=1");
    Connection connection = factory.createConnection(user, password);
    connection.start();
    return connection;
  }

  static HttpResponse<String> get(String pathAndQuery) {
    return exchange(HttpRequest.newBuilder(URI.create(url() + pathAndQuery)).GET().build());
  }

  static HttpResponse<String> post(String pathAndQuery) {
    return exchange(
        HttpRequest.newBuilder(URI.create(url() + pathAndQuery))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }

  static HttpResponse<String> exchange(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server answers", e);
    }
  }

  static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          name + " is not set: run this test with 'mvn verify -pl ear -am'");
    }
    return value;
  }

  private static String text(java.io.InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
