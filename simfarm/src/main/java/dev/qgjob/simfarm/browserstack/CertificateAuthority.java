package dev.qgjob.simfarm.browserstack;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority that lives as long as the process: its key is never written, so nobody
 * can misuse it later. Clients trust it through the file that {@link #writePem} writes, such as
 * with {@code NODE_EXTRA_CA_CERTS}.
 */
final class CertificateAuthority {
  private static final Duration VALID = Duration.ofDays(365);
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final X500Name NAME = new X500Name("CN=simfarm stand-in for BrowserStack");

  private final KeyPair keys;
  private final X509Certificate certificate;
  private final Instant now;

  /** A new authority whose certificates are valid from a day before now. */
  CertificateAuthority(Instant now) {
    this.now = now;
    try {
      this.keys = keys();
      JcaX509v3CertificateBuilder builder = builder(NAME, keys);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      this.certificate = sign(builder);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("this JRE cannot make a certificate", e);
    }
  }

  /** Writes the authority's certificate. */
  void writePem(Path file) throws IOException {
    try {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      Files.writeString(
          file,
          "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n",
          StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was just made", e);
    }
  }

  /** What an HTTPS server for these host names needs. */
  SSLContext serverContext(List<String> hosts) {
    try {
      KeyPair own = keys();
      JcaX509v3CertificateBuilder builder = builder(new X500Name("CN=" + hosts.get(0)), own);
      GeneralName[] names =
          hosts.stream()
              .map(
                  host ->
                      new GeneralName(
                          host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName,
                          host))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      char[] password = new char[0];
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, password);
      store.setKeyEntry(
          "server", own.getPrivate(), password, new Certificate[] {sign(builder), certificate});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("this JRE cannot make a certificate", e);
    }
  }

  private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair subjectKeys) {
    return new JcaX509v3CertificateBuilder(
        NAME,
        new BigInteger(120, new SecureRandom()).add(BigInteger.ONE),
        Date.from(now.minus(Duration.ofDays(1))),
        Date.from(now.plus(VALID)),
        subject,
        subjectKeys.getPublic());
  }

  private X509Certificate sign(JcaX509v3CertificateBuilder builder)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(ALGORITHM).build(keys.getPrivate())));
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
