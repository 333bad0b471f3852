package dev.qgjob.simfarm.phone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The phone's file system: absolute paths of the phone, contents in files of a scratch folder under
 * names that no phone path can influence. Thread-safe.
 */
public final class DeviceFiles {
  private static final int REGULAR = 0100644;
  private static final int FOLDER = 040755;

  private final Path scratch;
  private final NavigableMap<String, Entry> entries = new TreeMap<>();
  private long next;

  /**
   * A file system with the usual empty folders.
   *
   * @param scratch an existing folder of this phone's own; whoever made it removes it
   */
  public DeviceFiles(Path scratch) {
    this.scratch = scratch;
    for (String folder :
        List.of("/", "/data", "/data/app", "/data/local", "/data/local/tmp", "/sdcard")) {
      entries.put(folder, Entry.folder(Instant.EPOCH));
    }
  }

  /**
   * Something on the phone.
   *
   * @param content where its bytes are, or empty for a folder
   * @param mode as {@code stat} tells it, with the type bits
   * @param size in bytes
   */
  public record Entry(Optional<Path> content, int mode, long size, Instant modified) {
    static Entry folder(Instant modified) {
      return new Entry(Optional.empty(), FOLDER, 4096, modified);
    }

    /** Whether this is a folder. */
    public boolean isFolder() {
      return content.isEmpty();
    }
  }

  /** A file on the host into which the bytes of a future file of the phone can be written. */
  public synchronized Path scratchFile() {
    return scratch.resolve("f" + next++);
  }

  /** Makes the host's scratch file the phone's file, replacing what was there, and its folders. */
  public synchronized void put(String path, Path content, Instant modified) throws IOException {
    String clean = clean(path);
    mkdirs(parent(clean), modified);
    Entry old =
        entries.put(clean, new Entry(Optional.of(content), REGULAR, Files.size(content), modified));
    discard(old);
  }

  /** Writes a small file. */
  public void write(String path, byte[] bytes, Instant modified) throws IOException {
    Path content = scratchFile();
    Files.write(content, bytes);
    put(path, content, modified);
  }

  /** What is at the path. */
  public synchronized Optional<Entry> find(String path) {
    return Optional.ofNullable(entries.get(clean(path)));
  }

  /** Names directly within the folder, sorted. */
  public synchronized List<String> list(String folder) {
    String prefix = clean(folder).equals("/") ? "/" : clean(folder) + "/";
    List<String> names = new ArrayList<>();
    for (String path : entries.tailMap(prefix, false).keySet()) {
      if (!path.startsWith(prefix)) {
        break;
      }
      String name = path.substring(prefix.length());
      if (name.indexOf('/') < 0) {
        names.add(name);
      }
    }
    return names;
  }

  /** Makes the folder and those above it. */
  public synchronized void mkdirs(String path, Instant modified) {
    String clean = clean(path);
    if (!clean.equals("/")) {
      mkdirs(parent(clean), modified);
    }
    entries.putIfAbsent(clean, Entry.folder(modified));
  }

  /** Removes what is at the path and below it. Returns whether there was anything. */
  public synchronized boolean remove(String path) {
    String clean = clean(path);
    Entry entry = entries.remove(clean);
    discard(entry);
    Map<String, Entry> below = entries.subMap(clean + "/", clean + "0");
    below.values().forEach(DeviceFiles::discard);
    below.clear();
    return entry != null;
  }

  /** The path with one slash between names, dots resolved and no slash at the end. */
  static String clean(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.remove(parts.size() - 1);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  private static String parent(String clean) {
    int slash = clean.lastIndexOf('/');
    return slash <= 0 ? "/" : clean.substring(0, slash);
  }

  private static void discard(@org.jspecify.annotations.Nullable Entry entry) {
    if (entry != null && entry.content().isPresent()) {
      try {
        Files.deleteIfExists(entry.content().get());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
