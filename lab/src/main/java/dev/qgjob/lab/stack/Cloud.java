package dev.qgjob.lab.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;

/**
 * The stand-in for BrowserStack, and an account there.
 *
 * @param url of its API and its hub
 * @param authority PEM file of who signed its certificate
 */
public record Cloud(URI url, Path authority, String user, String key, int parallels) {
  private static final String PASSWORD = "changeit";

  /**
   * What a worker needs to use it.
   *
   * @param folder gets a trust store
   */
  public Map<String, String> environment(Path folder) {
    return Map.of(
        "BROWSERSTACK_USERNAME",
        user,
        "BROWSERSTACK_ACCESS_KEY",
        key,
        "QGJOB_BROWSERSTACK_API",
        url.toString(),
        "QGJOB_BROWSERSTACK_HUB",
        url.toString(),
        "NODE_EXTRA_CA_CERTS",
        authority.toString(),
        "JAVA_OPTS",
        "-Djavax.net.ssl.trustStore="
            + trustStore(folder)
            + " -Djavax.net.ssl.trustStorePassword="
            + PASSWORD);
  }

  private Path trustStore(Path folder) {
    Path file = folder.resolve("browserstack.p12");
    try (InputStream pem = Files.newInputStream(authority);
        OutputStream out = Files.newOutputStream(file)) {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "stand-in", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      trusted.store(out, PASSWORD.toCharArray());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
