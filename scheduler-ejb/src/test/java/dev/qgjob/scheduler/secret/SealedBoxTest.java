package dev.qgjob.scheduler.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedBoxTest {
  private static final Map<String, String> SECRETS = Map.of("API_TOKEN", "hush-ünïcode");

  @TempDir private Path folder;

  private SealedBox box(String name) {
    return new SealedBox(KeyFile.key(folder.resolve(name)));
  }

  @Test
  void whatWasSealedIsOpenedUnderTheSameKeyAndNeverLooksTheSame() {
    SealedBox box = box("key");
    String sealed = box.seal(SECRETS);
    assertThat(sealed).doesNotContain("hush").doesNotContain("API_TOKEN");
    assertThat(box("key").open(sealed)).contains(SECRETS);
    assertThat(box.seal(SECRETS)).isNotEqualTo(sealed);
  }

  @Test
  void anotherKeyOpensNothing() {
    assertThat(box("other").open(box("key").seal(SECRETS))).isEmpty();
  }

  @Test
  void whatWasChangedOpensNothing() {
    SealedBox box = box("key");
    String sealed = box.seal(SECRETS);
    int text = sealed.lastIndexOf('.') + 1;
    byte[] bytes = Base64.getDecoder().decode(sealed.substring(text));
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      String other = sealed.substring(0, text) + Base64.getEncoder().encodeToString(changed);
      assertThat(box.open(other)).as("byte %d", i).isEmpty();
    }
    for (String none : List.of("", "v1", "v1..", sealed.substring(0, text + 8), "v2" + sealed)) {
      assertThat(box.open(none)).as(none).isEmpty();
    }
  }

  @Test
  void theKeyIsTheOwnersAloneAndStays() throws IOException {
    Path file = folder.resolve("deep/er/key");
    byte[] key = KeyFile.key(file);
    assertThat(key).hasSize(32).isEqualTo(KeyFile.key(file));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void ofManyThatMakeItAtOnceAllHaveTheSame() throws Exception {
    Path file = folder.resolve("key");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<String>> makers = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        makers.add(() -> Base64.getEncoder().encodeToString(KeyFile.key(file)));
      }
      List<String> keys = new ArrayList<>();
      for (Future<String> key : threads.invokeAll(makers)) {
        keys.add(key.get());
      }
      assertThat(keys).hasSize(32).containsOnly(keys.get(0));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFileThatHoldsNoKeyIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "c2hvcnQ=");
    assertThatThrownBy(() -> KeyFile.key(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("holds no key");
  }
}
