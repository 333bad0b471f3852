package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  private static final int SIZE = 100;
  private static final Set<String> KINDS = Set.of("apps", "bundles");

  @TempDir Path root;
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final List<String> removed = new ArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private Cache cache;

  @BeforeEach
  void start() throws IOException {
    cache = restarted();
  }

  private Cache restarted() throws IOException {
    return new Cache(
        root, KINDS, 3 * SIZE, folder -> removed.add(folder.getFileName().toString()), () -> now);
  }

  private Cache.Use use(String kind, String key) throws Exception {
    now = now.plusSeconds(1);
    return cache.use(kind, key, this::make);
  }

  private void make(Path folder) throws IOException {
    made.incrementAndGet();
    Files.write(folder.resolve("bytes"), new byte[SIZE]);
  }

  private void used(String... keys) throws Exception {
    for (String key : keys) {
      use("apps", key).close();
    }
  }

  private List<String> kept(String kind) throws IOException {
    try (Stream<Path> entries = Files.list(root.resolve(kind))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void anEntryIsMadeOnce() throws Exception {
    try (Cache.Use first = use("apps", "a");
        Cache.Use second = use("apps", "a")) {
      assertThat(first.folder()).isEqualTo(second.folder());
      assertThat(first.folder().resolve("bytes")).hasSize(SIZE);
    }
    assertThat(made).hasValue(1);
  }

  @Test
  void overTheLimitThatGoesWhichWasUsedLongestAgo() throws Exception {
    used("a", "b", "c", "a", "d");
    assertThat(kept("apps")).containsExactly("a", "c", "d");
    assertThat(removed).containsExactly("b");
    use("bundles", "e").close();
    assertThat(kept("apps")).as("of whichever kind").containsExactly("a", "d");
    used("b");
    assertThat(made).as("what was removed is made again").hasValue(6);
  }

  @Test
  void whatIsInUseStaysAndMayExceedTheLimit() throws Exception {
    try (Cache.Use a = use("apps", "a");
        Cache.Use again = use("apps", "a")) {
      used("b", "c", "d");
      again.close();
      used("e");
      assertThat(kept("apps")).containsExactly("a", "d", "e");
      assertThat(a.folder().resolve("bytes")).exists();
      try (Cache.Use f = use("apps", "f");
          Cache.Use g = use("apps", "g");
          Cache.Use h = use("apps", "h")) {
        assertThat(kept("apps")).containsExactly("a", "f", "g", "h");
      }
    }
    used("i");
    assertThat(kept("apps")).containsExactly("g", "h", "i");
  }

  @Test
  void whatWasUsedWhenOutlivesTheWorker() throws Exception {
    used("a", "b", "c", "a");
    cache = restarted();
    used("d");
    assertThat(kept("apps")).as("kept from before").containsExactly("a", "c", "d");
  }

  @Test
  void aLowerLimitHoldsFromTheStart() throws Exception {
    used("a", "b", "c");
    cache = new Cache(root, KINDS, 2 * SIZE, folder -> {}, () -> now);
    assertThat(kept("apps")).containsExactly("b", "c");
  }

  @Test
  void aFullDiskIsMadeEmptierOfWhatNobodyUses() throws Exception {
    AtomicInteger free = new AtomicInteger();
    cache =
        new Cache(root, KINDS, 3 * SIZE, folder -> free.set(2_000_000_000), () -> now, free::get);
    used("a", "b");
    Cache.Maker full =
        folder -> {
          if (free.get() == 0) {
            throw new IOException("No space left on device");
          }
          make(folder);
        };
    cache.use("apps", "c", full).close();
    assertThat(kept("apps")).as("no more than that").containsExactly("b", "c");
    free.set(0);
    try (Cache.Use b = use("apps", "b");
        Cache.Use c = use("apps", "c")) {
      assertThatThrownBy(() -> cache.use("apps", "d", full)).hasMessageContaining("No space left");
      assertThat(b.folder()).exists();
      assertThat(c.folder()).exists();
    }
  }

  @Test
  void whatFailsWhileThereIsLittleRoomNamesTheDisk() throws Exception {
    cache = new Cache(root, KINDS, 3 * SIZE, folder -> {}, () -> now, () -> 5 << 20);
    for (FailureKind kind : List.of(FailureKind.INFRASTRUCTURE, FailureKind.SUBMITTER)) {
      assertThatThrownBy(
              () ->
                  cache.use(
                      "apps",
                      "a",
                      folder -> {
                        throw new NotReady(kind, "npm came to nothing");
                      }))
          .hasMessageStartingWith(
              kind == FailureKind.INFRASTRUCTURE
                  ? "npm came to nothing (5 MiB are free on this host's disk /"
                  : "npm came to nothing");
    }
  }

  @Test
  void whatCouldNotBeMadeIsNotThereAndMayBeMadeLater() throws Exception {
    assertThatThrownBy(
            () ->
                cache.use(
                    "apps",
                    "a",
                    folder -> {
                      make(folder);
                      throw new IOException("full");
                    }))
        .hasMessage("full");
    assertThat(root.resolve(".parts")).isEmptyDirectory();
    used("a", "b", "c", "d");
    assertThat(kept("apps")).as("nobody uses what failed").containsExactly("b", "c", "d");
  }

  @Test
  void whoWantsAnEntryThatIsBeingRemovedMakesItAgain() throws Exception {
    CountDownLatch removing = new CountDownLatch(1);
    CountDownLatch wanted = new CountDownLatch(1);
    cache =
        new Cache(
            root,
            KINDS,
            SIZE,
            folder -> {
              removing.countDown();
              try {
                assertThat(wanted.await(10, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            () -> now);
    used("a");
    ExecutorService others = Executors.newFixedThreadPool(2);
    try {
      Future<Cache.Use> pushing = others.submit(() -> use("apps", "b"));
      assertThat(removing.await(10, TimeUnit.SECONDS)).isTrue();
      Future<Cache.Use> again = others.submit(() -> cache.use("apps", "a", this::make));
      wanted.countDown();
      try (Cache.Use a = again.get(10, TimeUnit.SECONDS);
          Cache.Use b = pushing.get(10, TimeUnit.SECONDS)) {
        assertThat(a.folder().resolve("bytes")).exists();
        assertThat(b.folder().resolve("bytes")).exists();
      }
      assertThat(made).hasValue(3);
    } finally {
      others.shutdownNow();
    }
  }

  /**
   * A job that is cancelled meanwhile does not keep its slot for as long as another's packages
   * take.
   */
  @Test
  void whoWaitsForWhatAnotherMakesEndsWhenInterrupted() throws Exception {
    CountDownLatch making = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    ExecutorService others = Executors.newFixedThreadPool(2);
    try {
      Future<Cache.Use> first =
          others.submit(
              () ->
                  cache.use(
                      "apps",
                      "a",
                      folder -> {
                        making.countDown();
                        over.await();
                        make(folder);
                      }));
      assertThat(making.await(10, TimeUnit.SECONDS)).isTrue();
      CountDownLatch interrupted = new CountDownLatch(1);
      others.execute(
          () -> {
            Thread.currentThread().interrupt();
            try {
              cache.use("apps", "a", this::make).close();
            } catch (InterruptedException e) {
              interrupted.countDown();
            } catch (IOException | NotReady e) {
              throw new AssertionError(e);
            }
          });
      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
      over.countDown();
      first.get(10, TimeUnit.SECONDS).close();
      used("b", "c", "d");
      assertThat(kept("apps")).as("nobody uses it any more").containsExactly("b", "c", "d");
    } finally {
      over.countDown();
      others.shutdownNow();
    }
  }

  @Test
  void whatIsTakenOutIsGoneUntilItIsGivenBack() throws Exception {
    used("a");
    Path out = root.resolve("out");
    assertThat(cache.take("apps", "a", out)).isTrue();
    assertThat(out.resolve("bytes")).hasSize(SIZE);
    assertThat(kept("apps")).isEmpty();
    assertThat(cache.take("apps", "a", root.resolve("again"))).isFalse();
    assertThat(root.resolve("again")).doesNotExist();

    Files.write(out.resolve("more"), new byte[SIZE]);
    used("a"); // somebody else, meanwhile
    cache.give("apps", "a", out);
    assertThat(root.resolve("apps/a/more")).hasSize(SIZE);
    assertThat(out).doesNotExist();
    assertThat(root.resolve(".parts")).isEmptyDirectory();
  }

  @Test
  void whatIsGivenCountsToTheLimit() throws Exception {
    used("a", "b", "c");
    Path out = Files.createDirectory(root.resolve("out"));
    Files.write(out.resolve("bytes"), new byte[2 * SIZE]);
    now = now.plusSeconds(1);
    cache.give("bundles", "d", out);
    assertThat(kept("apps")).containsExactly("c");
    assertThat(kept("bundles")).containsExactly("d");
  }
}
