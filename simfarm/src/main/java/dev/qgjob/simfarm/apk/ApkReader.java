package dev.qgjob.simfarm.apk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads what a phone has to know of an APK. Its code is never run. Stateless. */
public final class ApkReader {
  private static final int LARGEST_ENTRY = 16 * 1024 * 1024;

  private ApkReader() {}

  /**
   * Reads the file.
   *
   * @throws IOException if the file cannot be read at all; that it is no APK is a {@link
   *     ApkResult.Refused}
   */
  public static ApkResult read(Path file) throws IOException {
    String sha256 = digest(file, "SHA-256");
    String md5 = digest(file, "MD5");
    long size = Files.size(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Optional<byte[]> manifest = entry(zip, "AndroidManifest.xml");
      if (manifest.isEmpty()) {
        return notAnApk("it has no AndroidManifest.xml");
      }
      ManifestElement root = BinaryManifest.read(manifest.get());
      Optional<String> name = root.attribute("package").filter(text -> !text.isBlank());
      if (!root.name().equals("manifest") || name.isEmpty()) {
        return notAnApk("its manifest names no package");
      }
      Optional<String> signer = signer(zip, file);
      if (signer.isEmpty()) {
        return new ApkResult.Refused(
            "INSTALL_PARSE_FAILED_NO_CERTIFICATES",
            "the APK carries no signature; sign it with apksigner");
      }
      return new ApkResult.Read(
          apk(root, name.get(), signer.get(), abis(zip), new Bytes(sha256, md5, size)));
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      return notAnApk(Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()));
    } catch (CertificateException e) {
      return new ApkResult.Refused(
          "INSTALL_PARSE_FAILED_CERTIFICATE_ENCODING", "the APK's certificate cannot be read");
    }
  }

  /** The file's digest in lower-case hex. */
  public static String digest(Path file, String algorithm) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = digest(algorithm);
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private record Bytes(String sha256, String md5, long size) {}

  private static Apk apk(
      ManifestElement root, String name, String signer, List<String> abis, Bytes bytes) {
    List<ManifestElement> applications = root.all("application");
    List<ManifestElement> activities = new ArrayList<>();
    for (ManifestElement application : applications) {
      activities.addAll(application.all("activity"));
      activities.addAll(application.all("activity-alias"));
    }
    List<ManifestElement> sdk = root.all("uses-sdk");
    return new Apk(
        name,
        (root.number("versionCodeMajor", 0) << 32) | root.number("versionCode", 0),
        literal(root, "versionName").orElse(""),
        applications.stream()
            .flatMap(application -> literal(application, "label").stream())
            .findFirst()
            .orElse(name),
        (int) sdk.stream().mapToLong(each -> each.number("minSdkVersion", 1)).max().orElse(1),
        (int) sdk.stream().mapToLong(each -> each.number("targetSdkVersion", 1)).max().orElse(1),
        applications.stream()
            .anyMatch(each -> each.attribute("debuggable").filter("true"::equals).isPresent()),
        activities.stream()
            .filter(ApkReader::isLaunchable)
            .map(activity -> qualified(activity, name))
            .findFirst(),
        activities.stream().map(activity -> qualified(activity, name)).toList(),
        root.all("uses-permission").stream()
            .flatMap(permission -> permission.attribute("name").stream())
            .distinct()
            .toList(),
        signer,
        root.all("instrumentation").stream()
            .flatMap(each -> each.attribute("targetPackage").stream())
            .findFirst(),
        abis,
        bytes.sha256(),
        bytes.md5(),
        bytes.size());
  }

  private static List<String> abis(ZipFile zip) {
    return zip.stream()
        .map(entry -> entry.getName().split("/"))
        .filter(parts -> parts.length == 3 && parts[0].equals("lib") && parts[2].endsWith(".so"))
        .map(parts -> parts[1])
        .distinct()
        .sorted()
        .toList();
  }

  /** The attribute, unless it only points into the resources. */
  private static Optional<String> literal(ManifestElement element, String attribute) {
    return element.attribute(attribute).filter(text -> !text.startsWith("@"));
  }

  private static boolean isLaunchable(ManifestElement activity) {
    return activity.all("intent-filter").stream()
        .anyMatch(
            filter ->
                names(filter, "action", "android.intent.action.MAIN")
                    && names(filter, "category", "android.intent.category.LAUNCHER"));
  }

  private static boolean names(ManifestElement filter, String tag, String name) {
    return filter.all(tag).stream()
        .anyMatch(each -> each.attribute("name").filter(name::equals).isPresent());
  }

  private static String qualified(ManifestElement activity, String packageName) {
    String name = activity.attribute("name").orElse("");
    if (name.startsWith(".")) {
      return packageName + name;
    }
    return name.indexOf('.') < 0 ? packageName + "." + name : name;
  }

  /** The first signer's certificate as SHA-256, of the newest scheme that there is. */
  private static Optional<String> signer(ZipFile zip, Path file)
      throws IOException, CertificateException {
    Optional<byte[]> block = SigningBlock.certificate(file);
    if (block.isPresent()) {
      return Optional.of(HexFormat.of().formatHex(digest("SHA-256").digest(block.get())));
    }
    Optional<String> signature =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.matches("META-INF/[^/]+\\.(RSA|DSA|EC)"))
            .findFirst();
    if (signature.isEmpty()) {
      return Optional.empty();
    }
    byte[] signed = entry(zip, signature.get()).orElse(new byte[0]);
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(signed))) {
      return Optional.of(
          HexFormat.of().formatHex(digest("SHA-256").digest(certificate.getEncoded())));
    }
    return Optional.empty();
  }

  private static Optional<byte[]> entry(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(LARGEST_ENTRY + 1);
      if (bytes.length > LARGEST_ENTRY) {
        throw new IOException(name + " is too large");
      }
      return Optional.of(bytes);
    }
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JRE has " + algorithm, e);
    }
  }

  private static ApkResult notAnApk(String reason) {
    return new ApkResult.Refused("INSTALL_PARSE_FAILED_NOT_APK", reason.replaceAll("\\s+", " "));
  }
}
