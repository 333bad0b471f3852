package dev.qgjob.simfarm.apk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes small APKs: a binary manifest written here, some bytes that differ, and a JAR signature.
 */
@SuppressWarnings("ByteBufferBackingArray") // all buffers here are of their own
public final class TestApk {
  private static final List<String> NAMES =
      List.of(
          "versionCode",
          "versionName",
          "name",
          "label",
          "minSdkVersion",
          "targetSdkVersion",
          "debuggable");
  private static final int[] IDS = {
    0x0101021b, 0x0101021c, 0x01010003, 0x01010001, 0x0101020c, 0x01010270, 0x0101000f
  };

  private TestApk() {}

  /** A key to sign with. */
  public static PrivateKeyEntry key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      X500Name name = new X500Name("CN=test");
      Instant now = Instant.now();
      var holder =
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(now.minusSeconds(60)),
                  Date.from(now.plusSeconds(3600)),
                  name,
                  keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
      return new PrivateKeyEntry(
          keys.getPrivate(),
          new Certificate[] {new JcaX509CertificateConverter().getCertificate(holder)});
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A signed APK; {@code content} makes two of them differ. */
  public static Path signed(
      Path file, String packageName, int versionCode, String content, PrivateKeyEntry key)
      throws IOException {
    Path bare = unsigned(Path.of(file + ".bare"), packageName, versionCode, content);
    try (ZipFile in = new ZipFile(bare.toFile());
        OutputStream out = Files.newOutputStream(file)) {
      new JarSigner.Builder(key).build().sign(in, out);
    }
    return file;
  }

  /** The same without a signature. */
  public static Path unsigned(Path file, String packageName, int versionCode, String content)
      throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("AndroidManifest.xml"));
      zip.write(manifest(packageName, versionCode));
      zip.putNextEntry(new ZipEntry("assets/content.txt"));
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  /**
   * A manifest with one launchable activity {@code .Main} and one permission; of a debug build,
   * unless the package is called a release.
   */
  static byte[] manifest(String packageName, int versionCode) {
    Writer writer = new Writer();
    writer.start(
        "manifest",
        List.of(
            writer.number("versionCode", versionCode),
            writer.text("versionName", "1." + versionCode),
            writer.text("package", packageName)));
    writer.start(
        "uses-sdk",
        List.of(writer.number("minSdkVersion", 21), writer.number("targetSdkVersion", 34)));
    writer.end("uses-sdk");
    writer.start("uses-permission", List.of(writer.text("name", "android.permission.CAMERA")));
    writer.end("uses-permission");
    writer.start(
        "application",
        List.of(
            writer.text("label", "Täst"),
            writer.flag("debuggable", !packageName.endsWith(".release"))));
    writer.start("activity", List.of(writer.text("name", ".Main")));
    writer.start("intent-filter", List.of());
    writer.start("action", List.of(writer.text("name", "android.intent.action.MAIN")));
    writer.end("action");
    writer.start("category", List.of(writer.text("name", "android.intent.category.LAUNCHER")));
    writer.end("category");
    writer.end("intent-filter");
    writer.end("activity");
    writer.end("application");
    writer.end("manifest");
    return writer.bytes();
  }

  /** Writes binary XML chunks as {@code ResourceTypes.h} lays them out, strings in UTF-16. */
  private static final class Writer {
    private final List<String> strings = new ArrayList<>(NAMES);
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    byte[] number(String name, int value) {
      return attribute(name, -1, 0x10, value);
    }

    byte[] flag(String name, boolean value) {
      return attribute(name, -1, 0x12, value ? -1 : 0);
    }

    byte[] text(String name, String value) {
      return attribute(name, index(value), 0x03, index(value));
    }

    private byte[] attribute(String name, int raw, int type, int value) {
      return le(20)
          .putInt(-1)
          .putInt(index(name))
          .putInt(raw)
          .putShort((short) 8)
          .put((byte) 0)
          .put((byte) type)
          .putInt(value)
          .array();
    }

    void start(String name, List<byte[]> attributes) {
      int size = 36 + 20 * attributes.size();
      chunks.writeBytes(
          le(36)
              .putShort((short) 0x0102)
              .putShort((short) 16)
              .putInt(size)
              .putInt(1)
              .putInt(-1)
              .putInt(-1)
              .putInt(index(name))
              .putShort((short) 20)
              .putShort((short) 20)
              .putShort((short) attributes.size())
              .putShort((short) 0)
              .putInt(0)
              .array());
      attributes.forEach(chunks::writeBytes);
    }

    void end(String name) {
      chunks.writeBytes(
          le(24)
              .putShort((short) 0x0103)
              .putShort((short) 16)
              .putInt(24)
              .putInt(1)
              .putInt(-1)
              .putInt(-1)
              .putInt(index(name))
              .array());
    }

    byte[] bytes() {
      byte[] pool = pool();
      ByteBuffer ids = le(8 + 4 * IDS.length).putShort((short) 0x0180).putShort((short) 8);
      ids.putInt(8 + 4 * IDS.length);
      for (int id : IDS) {
        ids.putInt(id);
      }
      int size = 8 + pool.length + ids.capacity() + chunks.size();
      return le(size)
          .putShort((short) 0x0003)
          .putShort((short) 8)
          .putInt(size)
          .put(pool)
          .put(ids.array())
          .put(chunks.toByteArray())
          .array();
    }

    private byte[] pool() {
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      ByteBuffer offsets = le(4 * strings.size());
      for (String string : strings) {
        offsets.putInt(data.size());
        byte[] text = string.getBytes(StandardCharsets.UTF_16LE);
        data.writeBytes(le(2).putShort((short) string.length()).array());
        data.writeBytes(text);
        data.writeBytes(new byte[2]);
      }
      while (data.size() % 4 != 0) {
        data.write(0);
      }
      int size = 28 + offsets.capacity() + data.size();
      return le(size)
          .putShort((short) 0x0001)
          .putShort((short) 28)
          .putInt(size)
          .putInt(strings.size())
          .putInt(0)
          .putInt(0)
          .putInt(28 + offsets.capacity())
          .putInt(0)
          .put(offsets.array())
          .put(data.toByteArray())
          .array();
    }

    private int index(String text) {
      int at = strings.indexOf(text);
      if (at >= 0) {
        return at;
      }
      strings.add(text);
      return strings.size() - 1;
    }

    private static ByteBuffer le(int size) {
      return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
