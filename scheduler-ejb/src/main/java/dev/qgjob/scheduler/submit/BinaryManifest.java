package dev.qgjob.scheduler.submit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The few attributes of a binary {@code AndroidManifest.xml} that a submission needs. Strangers
 * write it, so what it says of its own sizes is never believed: nothing is set aside for a number
 * that it names, and a text is only read where it is asked for, as far as it could be of use. An
 * attribute that points into the resources counts as missing.
 */
final class BinaryManifest {
  private static final int XML = 0x0003;
  private static final int STRING_POOL = 0x0001;
  private static final int RESOURCE_MAP = 0x0180;
  private static final int START_ELEMENT = 0x0102;
  private static final int UTF8 = 0x100;
  private static final int NONE = -1;
  private static final int TEXT = 0x03;
  private static final int NUMBER = 0x10;
  private static final int TRUTH = 0x12;

  /** Characters of a text; packages and versions that are longer are none. */
  private static final int LONGEST = 255;

  private static final int MOST_ELEMENTS = 100_000;
  private static final int MOST_ATTRIBUTES = 100;

  // shrinkers may empty the names of attributes; then only the id tells them
  private static final int MIN_SDK = 0x0101020c;
  private static final int VERSION_NAME = 0x0101021c;
  private static final int SPLIT_REQUIRED = 0x01010591;
  private static final int NO_ID = 0;

  private final ByteBuffer data;
  private int pool = NONE;
  private int ids = NONE;
  private int idsEnd;
  private @Nullable String packageName;
  private @Nullable String versionName;
  private @Nullable String split;
  private boolean splitRequired;
  private int minSdk;

  private BinaryManifest(byte[] bytes) {
    this.data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * @throws IllegalArgumentException if the bytes are no binary XML
   */
  static BinaryManifest read(byte[] bytes) {
    try {
      BinaryManifest manifest = new BinaryManifest(bytes);
      manifest.elements();
      return manifest;
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("the manifest points outside itself", e);
    }
  }

  @Nullable String packageName() {
    return packageName;
  }

  @Nullable String versionName() {
    return versionName;
  }

  @Nullable String split() {
    return split;
  }

  boolean splitRequired() {
    return splitRequired;
  }

  /** 0 where it names no number. */
  int minSdk() {
    return minSdk;
  }

  private void elements() {
    if (u16(0) != XML) {
      throw new IllegalArgumentException("the manifest is not binary XML");
    }
    int end = Math.min(data.getInt(4), data.limit());
    int elements = 0;
    for (int at = u16(2); at >= 0 && at + 8 <= end; at = next(at)) {
      switch (u16(at)) {
        case STRING_POOL -> pool = pool == NONE ? at : pool;
        case RESOURCE_MAP -> {
          ids = at + u16(at + 2);
          idsEnd = Math.min(next(at), data.limit());
        }
        case START_ELEMENT -> {
          if (++elements > MOST_ELEMENTS) {
            throw new IllegalArgumentException("the manifest has too many elements");
          }
          element(at, elements == 1);
        }
        default -> {
          // ends, namespaces and text say nothing that is needed
        }
      }
    }
  }

  private int next(int at) {
    int size = data.getInt(at + 4);
    if (size < 8) {
      throw new IllegalArgumentException("a chunk of the manifest has no size");
    }
    return Math.addExact(at, size);
  }

  private void element(int chunk, boolean first) {
    int body = chunk + u16(chunk + 2);
    String name = string(data.getInt(body + 4));
    if (first ? !name.equals("manifest") : !name.equals("uses-sdk")) {
      if (first) {
        throw new IllegalArgumentException("it is no manifest");
      }
      return;
    }
    int from = body + u16(body + 8);
    int size = u16(body + 10);
    int count = Math.min(u16(body + 12), MOST_ATTRIBUTES);
    for (int i = 0; i < count; i++) {
      attribute(from + i * size, first);
    }
  }

  private void attribute(int at, boolean ofManifest) {
    int index = data.getInt(at + 4);
    String name = string(index);
    int id = id(index);
    if (!ofManifest) {
      minSdk = is("minSdkVersion", MIN_SDK, name, id) ? number(at) : minSdk;
    } else if (is("package", NO_ID, name, id)) {
      packageName = text(at);
    } else if (is("versionName", VERSION_NAME, name, id)) {
      versionName = text(at);
    } else if (is("split", NO_ID, name, id)) {
      split = text(at);
    } else if (is("isSplitRequired", SPLIT_REQUIRED, name, id)) {
      splitRequired = type(at) == TRUTH && value(at) != 0;
    }
  }

  private static boolean is(String wanted, int wantedId, String name, int id) {
    return (wantedId != NO_ID && id == wantedId) || name.equals(wanted);
  }

  private int id(int index) {
    if (ids == NONE || index < 0 || index > (idsEnd - ids) / 4 - 1) {
      return NO_ID;
    }
    return data.getInt(ids + 4 * index);
  }

  private int type(int attribute) {
    return data.get(attribute + 15) & 0xff;
  }

  private int value(int attribute) {
    return data.getInt(attribute + 16);
  }

  /** One that is not a number is the name of an Android that was not out yet: any may do. */
  private int number(int attribute) {
    int number = type(attribute) == NUMBER ? value(attribute) : 0;
    return number >= 0 && number < 10_000 ? number : 0;
  }

  private @Nullable String text(int attribute) {
    String text =
        switch (type(attribute)) {
          case TEXT -> string(value(attribute));
          case NUMBER -> Integer.toString(value(attribute));
          default -> "";
        };
    return text.isBlank() || text.length() > LONGEST ? null : text;
  }

  /** As far as one character beyond the longest that is of use. */
  private String string(int index) {
    if (index == NONE) {
      return "";
    }
    if (pool == NONE || index < 0 || index >= data.getInt(pool + 8)) {
      throw new IllegalArgumentException("the manifest names a string that it does not have");
    }
    boolean utf8 = (data.getInt(pool + 16) & UTF8) != 0;
    int offsets = pool + u16(pool + 2);
    int start = Math.addExact(pool, data.getInt(pool + 20));
    int offset = data.getInt(Math.addExact(offsets, Math.multiplyExact(4, index)));
    int at = Math.addExact(start, offset);
    return utf8 ? utf8(at) : utf16(at);
  }

  /**
   * Two lengths come first, in characters and in bytes; each has two bytes if its high bit is set.
   */
  private String utf8(int at) {
    int lengths = at + (data.get(at) < 0 ? 2 : 1);
    int length = data.get(lengths) & 0xff;
    int from = lengths + 1;
    if (length > 0x7f) {
      length = ((length & 0x7f) << 8) | (data.get(from) & 0xff);
      from++;
    }
    byte[] bytes = bytes(from, Math.min(length, 4 * (LONGEST + 1)));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String utf16(int at) {
    int length = u16(at);
    int from = at + 2;
    if (length > 0x7fff) {
      length = ((length & 0x7fff) << 16) | u16(from);
      from += 2;
    }
    byte[] bytes = bytes(from, 2 * Math.min(length, LONGEST + 1));
    return new String(bytes, StandardCharsets.UTF_16LE);
  }

  private byte[] bytes(int from, int length) {
    byte[] bytes = new byte[length];
    data.get(from, bytes);
    return bytes;
  }

  private int u16(int at) {
    return data.getShort(at) & 0xffff;
  }
}
