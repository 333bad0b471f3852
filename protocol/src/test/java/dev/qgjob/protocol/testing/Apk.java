package dev.qgjob.protocol.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The smallest Android package: a zip with a binary manifest that names package and version. */
public final class Apk {
  private static final int NONE = -1;
  private static final int STRING = 0x03;
  private static final int VERSION_NAME_ID = 0x0101021c;
  private static final String ANDROID = "http://schemas.android.com/apk/res/android";

  private Apk() {}

  /** The bytes of a package with native code for these. */
  public static byte[] of(String packageName, String versionName, String... abis) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("AndroidManifest.xml"));
      zip.write(manifest(packageName, versionName));
      zip.closeEntry();
      for (String abi : abis) {
        zip.putNextEntry(new ZipEntry("lib/" + abi + "/libapp.so"));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] manifest(String packageName, String versionName) {
    List<String> strings =
        List.of("versionName", "package", "manifest", "android", ANDROID, packageName, versionName);
    byte[] pool = pool(strings);
    byte[] ids =
        chunk(
            0x0180,
            8,
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(VERSION_NAME_ID));
    byte[] begin = node(0x0100, ints(3, 4));
    byte[] element = node(0x0102, element());
    byte[] end = node(0x0103, ints(NONE, 2));
    byte[] over = node(0x0101, ints(3, 4));
    return chunk(0x0003, 8, join(pool, ids, begin, element, end, over));
  }

  private static ByteBuffer ints(int... values) {
    ByteBuffer body = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      body.putInt(value);
    }
    return body;
  }

  /** {@code <manifest package="…" android:versionName="…">}. */
  private static ByteBuffer element() {
    ByteBuffer body = ByteBuffer.allocate(20 + 2 * 20).order(ByteOrder.LITTLE_ENDIAN);
    body.putInt(NONE).putInt(2);
    body.putShort((short) 20).putShort((short) 20).putShort((short) 2);
    body.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    attribute(body, 4, 0, 6);
    attribute(body, NONE, 1, 5);
    return body;
  }

  private static void attribute(ByteBuffer body, int namespace, int name, int value) {
    body.putInt(namespace).putInt(name).putInt(value);
    body.putShort((short) 8).put((byte) 0).put((byte) STRING).putInt(value);
  }

  private static byte[] node(int type, ByteBuffer body) {
    ByteBuffer node = ByteBuffer.allocate(8 + body.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    node.putInt(1).putInt(NONE).put(body.array());
    return chunk(type, 16, node);
  }

  private static byte[] pool(List<String> strings) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int[] offsets = new int[strings.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = data.size();
      byte[] text = strings.get(i).getBytes(StandardCharsets.UTF_16LE);
      data.writeBytes(
          ByteBuffer.allocate(text.length + 4)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putShort((short) strings.get(i).length())
              .put(text)
              .putShort((short) 0)
              .array());
    }
    while (data.size() % 4 != 0) {
      data.write(0);
    }
    int start = 28 + 4 * offsets.length;
    ByteBuffer body =
        ByteBuffer.allocate(20 + 4 * offsets.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
    body.putInt(offsets.length).putInt(0).putInt(0).putInt(start).putInt(0);
    for (int offset : offsets) {
      body.putInt(offset);
    }
    body.put(data.toByteArray());
    return chunk(0x0001, 28, body);
  }

  private static byte[] chunk(int type, int header, ByteBuffer body) {
    return ByteBuffer.allocate(8 + body.capacity())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) type)
        .putShort((short) header)
        .putInt(8 + body.capacity())
        .put(body.array())
        .array();
  }

  private static ByteBuffer join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return ByteBuffer.wrap(all.toByteArray());
  }
}
