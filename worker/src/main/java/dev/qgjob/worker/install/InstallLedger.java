package dev.qgjob.worker.install;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.protocol.Wire;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.workspace.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this worker put on which slot, kept in its state folder. Thread-safe.
 *
 * <p>A note and not a proof: whoever reads it asks the phone as well. It is taken back before a
 * phone is changed and written after, so that a worker ended in between has no note rather than a
 * wrong one.
 */
public final class InstallLedger {
  /**
   * A package on a slot.
   *
   * @param sha256 of the binary that was installed
   * @param trace what the phone's package manager said right after; empty when it said nothing
   * @param build whose app it is, where that has several files; null: it is the build itself
   * @param companions that the build needs beside it: their digests by package
   * @param companionOf the package of the app that it is there for; null: an app
   */
  public record Entry(
      String sha256,
      String trace,
      @Nullable String build,
      Map<String, String> companions,
      @Nullable String companionOf) {
    public Entry {
      // notes of earlier versions have none
      companions = Wire.orEmpty(companions);
    }

    static Entry app(Kit kit, String trace) {
      String sha256 = kit.app().app().sha256();
      String build = kit.build().sha256();
      return new Entry(
          sha256,
          trace,
          build.equals(sha256) ? null : build,
          kit.companions().stream()
              .map(Kit.Piece::app)
              .collect(Collectors.toMap(App::packageName, App::sha256)),
          null);
    }

    static Entry companion(Kit kit, App companion, String trace) {
      return new Entry(companion.sha256(), trace, null, Map.of(), kit.build().packageName());
    }
  }

  private static final TypeReference<TreeMap<String, Entry>> ENTRIES = new TypeReference<>() {};

  private final ObjectMapper json = new ObjectMapper();
  private final Path folder;

  /** The ledger in {@code stateDir}. */
  public InstallLedger(Path stateDir) throws IOException {
    folder = Files.createDirectories(stateDir.toAbsolutePath().resolve("installs"));
  }

  /** The builds that the slot is believed to hold, by the package of their app. */
  public synchronized Map<String, String> builds(String slotId) throws IOException {
    Map<String, Entry> entries = read(slotId);
    Map<String, String> builds = new TreeMap<>();
    entries.forEach((packageName, entry) -> builds.put(packageName, build(entry, entries)));
    return builds;
  }

  /** A set that lacks a companion is not held; its app alone may be another build. */
  private static String build(Entry entry, Map<String, Entry> entries) {
    boolean whole =
        entry.companions().entrySet().stream()
            .allMatch(
                companion -> {
                  Entry there = entries.get(companion.getKey());
                  return there != null && there.sha256().equals(companion.getValue());
                });
    return entry.build() != null && whole ? entry.build() : entry.sha256();
  }

  /** What the slot is believed to hold, by package. */
  public synchronized Map<String, Entry> on(String slotId) throws IOException {
    return read(slotId);
  }

  synchronized Optional<Entry> find(String slotId, String packageName) throws IOException {
    return Optional.ofNullable(read(slotId).get(packageName));
  }

  synchronized void put(String slotId, String packageName, Entry entry) throws IOException {
    TreeMap<String, Entry> entries = read(slotId);
    entries.put(packageName, entry);
    write(slotId, entries);
  }

  /** Forgets a build: the phone is about to be changed, or was found to hold something else. */
  public synchronized void forget(String slotId, String packageName) throws IOException {
    TreeMap<String, Entry> entries = read(slotId);
    if (entries.remove(packageName) != null) {
      write(slotId, entries);
    }
  }

  private TreeMap<String, Entry> read(String slotId) throws IOException {
    Path file = file(slotId);
    if (!Files.isRegularFile(file)) {
      return new TreeMap<>();
    }
    try {
      return json.readValue(Files.readString(file), ENTRIES);
    } catch (JsonProcessingException e) {
      return new TreeMap<>(); // an unreadable note is no note
    }
  }

  private void write(String slotId, TreeMap<String, Entry> entries) throws IOException {
    Path part = Files.createTempFile(folder, "ledger", ".part");
    Files.writeString(part, json.writerWithDefaultPrettyPrinter().writeValueAsString(entries));
    Files.move(part, file(slotId), StandardCopyOption.ATOMIC_MOVE);
  }

  /** A file name that any slot's id can have, readable as far as it goes. */
  private Path file(String slotId) {
    String readable = slotId.replaceAll("[^A-Za-z0-9._-]", "_");
    return folder.resolve(
        readable.substring(0, Math.min(60, readable.length()))
            + "-"
            + Digests.sha256(slotId).substring(0, 12)
            + ".json");
  }
}
