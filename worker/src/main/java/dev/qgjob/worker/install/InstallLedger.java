package dev.qgjob.worker.install;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.worker.workspace.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What this worker put on which slot, kept in its state folder. Thread-safe.
 *
 * <p>A note and not a proof: whoever reads it asks the phone as well. It is taken back before a
 * phone is changed and written after, so that a worker ended in between has no note rather than a
 * wrong one.
 */
public final class InstallLedger {
  /**
   * A build on a slot.
   *
   * @param sha256 of the binary that was installed
   * @param trace what the phone's package manager said right after; empty when it said nothing
   */
  public record Entry(String sha256, String trace) {}

  private static final TypeReference<TreeMap<String, Entry>> ENTRIES = new TypeReference<>() {};

  private final ObjectMapper json = new ObjectMapper();
  private final Path folder;

  /** The ledger in {@code stateDir}. */
  public InstallLedger(Path stateDir) throws IOException {
    folder = Files.createDirectories(stateDir.toAbsolutePath().resolve("installs"));
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
