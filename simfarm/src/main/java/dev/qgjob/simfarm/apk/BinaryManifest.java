package dev.qgjob.simfarm.apk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Android's binary XML, as {@code frameworks/base/libs/androidfw/include/androidfw/ResourceTypes.h}
 * lays it out: a pool of strings, a map from attribute names to resource ids, and chunks for the
 * start and end of elements.
 */
final class BinaryManifest {
  private static final int XML = 0x0003;
  private static final int STRING_POOL = 0x0001;
  private static final int RESOURCE_MAP = 0x0180;
  private static final int START_ELEMENT = 0x0102;
  private static final int END_ELEMENT = 0x0103;
  private static final int UTF8 = 0x100;
  private static final int NONE = -1;
  private static final int MAX_DEPTH = 100;

  /** Shrinkers may empty the names of attributes; then only the id tells them. */
  private static final Map<Integer, String> NAMES =
      Map.of(
          0x01010001, "label",
          0x01010003, "name",
          0x01010021, "targetPackage",
          0x0101020c, "minSdkVersion",
          0x0101021b, "versionCode",
          0x0101021c, "versionName",
          0x01010270, "targetSdkVersion",
          0x01010576, "versionCodeMajor");

  private final ByteBuffer data;
  private List<String> strings = List.of();
  private List<Integer> resourceIds = List.of();

  private BinaryManifest(byte[] bytes) {
    this.data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the root element with everything in it.
   *
   * @throws IllegalArgumentException if the bytes are no binary XML
   */
  static ManifestElement read(byte[] bytes) {
    try {
      return new BinaryManifest(bytes).root();
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("the binary manifest points outside itself", e);
    }
  }

  private ManifestElement root() {
    if (u16(0) != XML) {
      throw new IllegalArgumentException("the manifest is not binary XML");
    }
    Deque<ManifestElement> open = new ArrayDeque<>();
    ManifestElement root = null;
    int end = Math.min(data.getInt(4), data.limit());
    for (int at = u16(2); at + 8 <= end; at = next(at)) {
      switch (u16(at)) {
        case STRING_POOL -> strings = strings(at);
        case RESOURCE_MAP -> resourceIds = ids(at);
        case START_ELEMENT -> {
          ManifestElement element = element(at);
          root = root == null ? element : root;
          if (!open.isEmpty()) {
            open.element().children().add(element);
          }
          if (open.size() > MAX_DEPTH) {
            throw new IllegalArgumentException("the manifest is nested too deep");
          }
          open.push(element);
        }
        case END_ELEMENT -> open.poll();
        default -> {
          // namespaces and text say nothing that is needed
        }
      }
    }
    if (root == null) {
      throw new IllegalArgumentException("the manifest is empty");
    }
    return root;
  }

  private int next(int at) {
    int size = data.getInt(at + 4);
    if (size < 8) {
      throw new IllegalArgumentException("a chunk of the manifest has no size");
    }
    return Math.addExact(at, size);
  }

  private List<String> strings(int pool) {
    int count = data.getInt(pool + 8);
    boolean utf8 = (data.getInt(pool + 16) & UTF8) != 0;
    int start = pool + data.getInt(pool + 20);
    int offsets = pool + u16(pool + 2);
    if (count < 0 || count > data.limit() / 4) {
      throw new IllegalArgumentException("the manifest's strings do not fit into it");
    }
    List<String> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int at = start + data.getInt(offsets + 4 * i);
      all.add(utf8 ? utf8(at) : utf16(at));
    }
    return all;
  }

  /**
   * Two lengths come first, in characters and in bytes; each takes two bytes if its high bit is
   * set.
   */
  private String utf8(int at) {
    int lengths = at + (data.get(at) < 0 ? 2 : 1);
    int length = data.get(lengths) & 0xff;
    int from = lengths + 1;
    if (length > 0x7f) {
      length = ((length & 0x7f) << 8) | (data.get(from) & 0xff);
      from++;
    }
    return text(from, length, StandardCharsets.UTF_8);
  }

  private String utf16(int at) {
    int length = u16(at);
    int from = at + 2;
    if (length > 0x7fff) {
      length = ((length & 0x7fff) << 16) | u16(from);
      from += 2;
    }
    return text(from, Math.multiplyExact(length, 2), StandardCharsets.UTF_16LE);
  }

  private String text(int from, int length, java.nio.charset.Charset charset) {
    byte[] bytes = new byte[Math.min(length, data.limit())];
    data.get(from, bytes);
    return new String(bytes, charset);
  }

  private List<Integer> ids(int chunk) {
    int end = Math.min(next(chunk), data.limit());
    List<Integer> all = new ArrayList<>();
    for (int at = chunk + u16(chunk + 2); at + 4 <= end; at += 4) {
      all.add(data.getInt(at));
    }
    return all;
  }

  private ManifestElement element(int chunk) {
    int body = chunk + u16(chunk + 2);
    int first = body + u16(body + 8);
    int size = u16(body + 10);
    int count = u16(body + 12);
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int at = first + i * size;
      String value = value(at);
      if (value != null) {
        attributes.put(attributeName(data.getInt(at + 4)), value);
      }
    }
    return new ManifestElement(string(data.getInt(body + 4)), attributes);
  }

  private String attributeName(int index) {
    String byId =
        index >= 0 && index < resourceIds.size() ? NAMES.get(resourceIds.get(index)) : null;
    return byId == null ? string(index) : byId;
  }

  private @Nullable String value(int attribute) {
    int value = data.getInt(attribute + 16);
    return switch (data.get(attribute + 15) & 0xff) {
      case 0x00 -> null;
      case 0x01, 0x02 -> "@" + Integer.toHexString(value);
      case 0x03 -> string(value);
      case 0x10 -> Integer.toString(value);
      case 0x12 -> Boolean.toString(value != 0);
      default -> "0x" + Integer.toHexString(value);
    };
  }

  private String string(int index) {
    if (index == NONE) {
      return "";
    }
    if (index < 0 || index >= strings.size()) {
      throw new IllegalArgumentException("the manifest names a string that it does not have");
    }
    return strings.get(index);
  }

  private int u16(int at) {
    return data.getShort(at) & 0xffff;
  }
}
