package dev.qgjob.worker.workspace;

import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders that are made once per key and then only read, or that one writer has at a time, who
 * takes them out meanwhile. An entry is whole or absent: it is made beside its place and moved
 * there. Over the limit those go that were used longest ago and that nobody uses at the moment;
 * what is in use may exceed it. When an entry was used is its folder's time, so it outlives the
 * worker. Thread-safe; two that want the same entry make it once.
 */
final class Cache {
  private static final Logger log = LoggerFactory.getLogger(Cache.class);
  private static final String PARTS = ".parts";

  /**
   * Bytes on the disk with less of which a failure may be the disk's: a bundle, an app, packages.
   */
  private static final long ROOM = 1L << 30;

  /** Fills a fresh folder. */
  interface Maker {
    void make(Path folder) throws IOException, NotReady, InterruptedException;
  }

  /** Looks at an entry that is there before it is used. */
  interface Check {
    /** Whether it is what it was made as. */
    boolean intact(Path folder) throws IOException;
  }

  private final ConcurrentMap<Path, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Map<Path, Integer> uses = new HashMap<>();
  private final Map<Path, Long> sizes = new HashMap<>();
  private final Set<String> kinds;
  private final Path root;
  private final long most;
  private final Consumer<Path> beforeRemoval;
  private final InstantSource clock;
  private final LongSupplier room;

  /**
   * @param kinds folders of the root that hold entries
   * @param most bytes that all entries may have together
   * @param beforeRemoval ends what was started from an entry's folder
   */
  Cache(Path root, Set<String> kinds, long most, Consumer<Path> beforeRemoval, InstantSource clock)
      throws IOException {
    this(root, kinds, most, beforeRemoval, clock, () -> root.toFile().getUsableSpace());
  }

  /**
   * The same.
   *
   * @param room bytes that are free on the disk
   */
  Cache(
      Path root,
      Set<String> kinds,
      long most,
      Consumer<Path> beforeRemoval,
      InstantSource clock,
      LongSupplier room)
      throws IOException {
    this.room = room;
    this.kinds = Set.copyOf(kinds);
    this.root = Files.createDirectories(root.toAbsolutePath()).toRealPath();
    this.most = most;
    this.beforeRemoval = beforeRemoval;
    this.clock = clock;
    Path parts = this.root.resolve(PARTS);
    Folders.remove(parts); // of a worker that was ended while it filled or removed one
    Files.createDirectories(parts);
    removeOverLimit(); // which may be lower than it was
  }

  /** An entry that stays where it is until it is given back. */
  final class Use implements AutoCloseable {
    private final Path folder;
    private boolean given;

    private Use(Path folder) {
      this.folder = folder;
    }

    Path folder() {
      return folder;
    }

    @Override
    public void close() {
      synchronized (Cache.this) {
        if (given) {
          return;
        }
        given = true;
        int left = uses.getOrDefault(folder, 0) - 1;
        if (left > 0) {
          uses.put(folder, left);
        } else {
          uses.remove(folder);
        }
      }
    }
  }

  /**
   * The entry, made now if it is not there.
   *
   * @param kind one of the cache's kinds
   */
  Use use(String kind, String key, Maker maker) throws IOException, NotReady, InterruptedException {
    return use(kind, key, maker, folder -> true);
  }

  /** The same; an entry that is not intact any more is made anew, whoever uses it. */
  Use use(String kind, String key, Maker maker, Check check)
      throws IOException, NotReady, InterruptedException {
    Path place = root.resolve(kind).resolve(key);
    synchronized (this) {
      uses.merge(place, 1, Integer::sum); // from here on nobody removes it
    }
    Use use = new Use(place);
    boolean there = false;
    try {
      boolean made;
      ReentrantLock turn = lock(place);
      turn.lockInterruptibly(); // another may be at it for minutes
      try {
        Files.createDirectories(root.resolve(kind));
        made = madeWithRoom(place, maker, check);
        Files.setLastModifiedTime(place, FileTime.from(clock.instant()));
      } finally {
        turn.unlock();
      }
      there = true;
      if (made) {
        removeOverLimit();
      }
      return use;
    } finally {
      if (!there) {
        use.close();
      }
    }
  }

  /**
   * Moves an entry out of the cache, to whoever writes to it; false where it is not there.
   *
   * @param into folder that does not exist yet, on the same disk
   */
  boolean take(String kind, String key, Path into) throws IOException {
    Path place = root.resolve(kind).resolve(key);
    ReentrantLock turn = lock(place);
    turn.lock();
    try {
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      Files.move(place, into, StandardCopyOption.ATOMIC_MOVE);
      synchronized (this) {
        sizes.remove(place);
      }
      return true;
    } finally {
      turn.unlock();
    }
  }

  /** Removes all entries of a kind that nobody uses. */
  void clear(String kind) throws IOException {
    for (String key : keys(kind)) {
      boolean unused = remove(root.resolve(kind).resolve(key));
    }
  }

  /** Moves a folder into the cache, where it replaces the entry that is there. */
  void give(String kind, String key, Path from) throws IOException {
    Path place = root.resolve(kind).resolve(key);
    long size = Folders.size(from);
    ReentrantLock turn = lock(place);
    turn.lock();
    try {
      Files.createDirectories(root.resolve(kind));
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        moveAway(place);
      }
      Files.move(from, place, StandardCopyOption.ATOMIC_MOVE);
      Files.setLastModifiedTime(place, FileTime.from(clock.instant()));
      synchronized (this) {
        sizes.put(place, size);
      }
    } finally {
      turn.unlock();
    }
    removeOverLimit();
  }

  /** Of a kind's entries; each may go until it is used. */
  List<String> keys(String kind) throws IOException {
    Path folder = root.resolve(kind);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> places = Files.list(folder)) {
      return places.map(place -> folder.relativize(place).toString()).toList();
    }
  }

  private ReentrantLock lock(Path place) {
    return locks.computeIfAbsent(place, p -> new ReentrantLock());
  }

  /** Once more where the disk was full and something old could go. */
  private boolean madeWithRoom(Path place, Maker maker, Check check)
      throws IOException, NotReady, InterruptedException {
    try {
      try {
        return makeIfMissing(place, maker, check);
      } catch (IOException | NotReady e) {
        if (!makeRoom()) {
          throw e;
        }
        return makeIfMissing(place, maker, check);
      }
    } catch (NotReady e) {
      throw room.getAsLong() < ROOM ? withDisk(e) : e;
    }
  }

  /** Who fails for lack of room does not always say so: npm cannot write its log either. */
  private NotReady withDisk(NotReady e) throws IOException {
    return e.kind() != FailureKind.INFRASTRUCTURE
        ? e
        : new NotReady(
            e.kind(),
            e.getMessage()
                + " ("
                + (room.getAsLong() >> 20)
                + " MiB are free on this host's disk "
                + Files.getFileStore(root)
                + ")",
            e);
  }

  /** Removes what nobody uses until there is some room; false where there was, or stays none. */
  private boolean makeRoom() throws IOException {
    boolean removed = false;
    for (Entry entry : entries()) {
      if (room.getAsLong() >= ROOM) {
        return removed;
      }
      removed |= remove(entry.place());
    }
    return removed;
  }

  private boolean makeIfMissing(Path place, Maker maker, Check check)
      throws IOException, NotReady, InterruptedException {
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      if (check.intact(place)) {
        return false;
      }
      log.warn("{} is not what was put there: it is made anew", place);
      moveAway(place);
    }
    Path part = Files.createTempDirectory(root.resolve(PARTS), "part");
    try {
      maker.make(part);
      long size = Folders.size(part);
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
      synchronized (this) {
        sizes.put(place, size);
      }
      return true;
    } finally {
      Folders.remove(part);
    }
  }

  /** A job does not fail because something old stays. */
  private void removeOverLimit() {
    try {
      List<Entry> entries = entries();
      long all = entries.stream().mapToLong(Entry::size).sum();
      for (Entry entry : entries) {
        if (all <= most) {
          return;
        }
        if (remove(entry.place())) {
          all -= entry.size();
          log.info("removed {} ({} MB) from the cache", entry.place(), entry.size() / 1_000_000);
        }
      }
    } catch (IOException e) {
      log.warn("the cache {} is over its limit and cannot be made smaller: {}", root, e.toString());
    }
  }

  private record Entry(Path place, FileTime used, long size) {}

  /** All, the one first that was used longest ago. */
  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String kind : kinds) {
      Path folder = root.resolve(kind);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> places = Files.list(folder)) {
          for (Path place : places.toList()) {
            entry(place).ifPresent(entries::add);
          }
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::used));
    return entries;
  }

  private Optional<Entry> entry(Path place) {
    try {
      Long known;
      synchronized (this) {
        known = sizes.get(place);
      }
      long size = known == null ? Folders.size(place) : known;
      synchronized (this) {
        sizes.putIfAbsent(place, size);
      }
      return Optional.of(new Entry(place, Files.getLastModifiedTime(place), size));
    } catch (IOException e) {
      return Optional.empty(); // another thread removed it meanwhile
    }
  }

  /** False where somebody uses it. Who wants it meanwhile waits, and makes it again. */
  private boolean remove(Path place) throws IOException {
    if (inUse(place)) {
      return false; // and perhaps being made: who makes room while making must not wait for that
    }
    ReentrantLock turn = lock(place);
    turn.lock();
    try {
      if (inUse(place) || !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      beforeRemoval.accept(place);
      moveAway(place);
      return true;
    } finally {
      turn.unlock();
    }
  }

  private void moveAway(Path place) throws IOException {
    Path part = Files.createTempDirectory(root.resolve(PARTS), "old");
    Files.move(place, part.resolve("entry"), StandardCopyOption.ATOMIC_MOVE);
    synchronized (this) {
      sizes.remove(place);
    }
    Folders.remove(part);
  }

  private synchronized boolean inUse(Path place) {
    return uses.containsKey(place);
  }
}
