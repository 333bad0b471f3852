package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTest {
  @TempDir Path temp;
  private Path into;

  private interface Filler {
    void fill(TarArchiveOutputStream tar) throws IOException;
  }

  @BeforeEach
  void folder() throws IOException {
    into = Files.createDirectory(temp.resolve("into"));
  }

  private Path archive(Filler filler) throws IOException {
    Path file = temp.resolve("a.tar.gz");
    try (OutputStream out = Files.newOutputStream(file);
        GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(out);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      filler.fill(tar);
    }
    return file;
  }

  private static void add(TarArchiveOutputStream tar, TarArchiveEntry entry, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private void refused(String why, Filler filler) throws IOException {
    Path archive = archive(filler);
    assertThatExceptionOfType(UnsafeArchive.class)
        .isThrownBy(() -> Archives.unpackTarGz(archive, into, Archives.Limits.BUNDLE))
        .withMessageContaining(why);
  }

  @Test
  void unpacksFilesAndFolders() throws IOException {
    Path archive =
        archive(
            tar -> {
              add(tar, new TarArchiveEntry("./tests/a.spec.js"), "a");
              add(tar, new TarArchiveEntry("package.json"), "{}");
            });

    Archives.unpackTarGz(archive, into, Archives.Limits.BUNDLE);

    assertThat(into.resolve("tests/a.spec.js")).hasContent("a");
    assertThat(into.resolve("package.json")).hasContent("{}");
  }

  @Test
  void noBytesMakeItThrowAnythingElse() throws IOException {
    byte[] good =
        Files.readAllBytes(
            archive(
                tar -> {
                  add(tar, new TarArchiveEntry("tests/" + "n".repeat(150)), "a".repeat(2000));
                  add(tar, new TarArchiveEntry("package.json"), "{}");
                }));
    byte[] plain;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(good))) {
      plain = in.readAllBytes();
    }
    long seed = 20_240_501;
    Random random = new Random(seed);
    Path file = temp.resolve("fuzzed.tar.gz");
    for (int i = 0; i < 800; i++) {
      boolean inside = random.nextBoolean();
      byte[] bytes = (inside ? plain : good).clone();
      for (int edits = 1 + random.nextInt(8); edits > 0; edits--) {
        // the headers are where the decisions are taken
        int at =
            inside && random.nextBoolean() ? random.nextInt(512) : random.nextInt(bytes.length);
        bytes[at] = (byte) random.nextInt(256);
      }
      byte[] cut =
          Arrays.copyOf(
              bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
      try (OutputStream out = Files.newOutputStream(file);
          OutputStream packed = inside ? new GZIPOutputStream(out) : out) {
        packed.write(cut);
      }
      Path own = Files.createDirectory(temp.resolve("fuzz-" + i));
      try {
        Archives.unpackTarGz(file, own, Archives.Limits.BUNDLE);
      } catch (UnsafeArchive e) {
        assertThat(e).as("seed %s, round %s", seed, i).hasMessageMatching("[^\\n]+");
      }
      try (Stream<Path> beside = Files.list(temp)) {
        assertThat(beside.filter(path -> !path.getFileName().toString().startsWith("fuzz")))
            .as("seed %s, round %s", seed, i)
            .hasSize(2);
      }
      try (Stream<Path> files = Files.walk(own)) {
        for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil", "a/../../evil", "tests/../../../evil", "a\\..\\evil", "C:evil"})
  void refusesAnEntryThatLeaves(String name) throws IOException {
    refused(
        "entry",
        tar -> {
          TarArchiveEntry entry = new TarArchiveEntry("x", true);
          entry.setName(name);
          add(tar, entry, "evil");
        });
    assertThat(temp.resolve("evil")).doesNotExist();
  }

  @Test
  void refusesAnAbsolutePath() throws IOException {
    Path outside = temp.resolve("outside");
    refused(
        "no relative path", tar -> add(tar, new TarArchiveEntry(outside.toString(), true), "x"));
    assertThat(outside).doesNotExist();
  }

  @Test
  void refusesLinksWhereverTheyPoint() throws IOException {
    refused(
        "is a link",
        tar -> {
          TarArchiveEntry link = new TarArchiveEntry("here", TarConstants.LF_SYMLINK);
          link.setLinkName("tests");
          add(tar, link, "");
        });
  }

  @Test
  void refusesHardLinks() throws IOException {
    refused(
        "is a link",
        tar -> {
          TarArchiveEntry link = new TarArchiveEntry("here", TarConstants.LF_LINK);
          link.setLinkName("/etc/passwd");
          add(tar, link, "");
        });
  }

  @Test
  void refusesDevices() throws IOException {
    refused(
        "neither file nor folder",
        tar -> add(tar, new TarArchiveEntry("null", TarConstants.LF_CHR), ""));
  }

  @Test
  void refusesTheSameFileTwice() throws IOException {
    refused(
        "comes twice",
        tar -> {
          add(tar, new TarArchiveEntry("a"), "1");
          add(tar, new TarArchiveEntry("./a"), "2");
        });
  }

  @Test
  void refusesMoreBytesThanItsLimitWhateverTheHeadersSay() throws IOException {
    Path archive = archive(tar -> add(tar, new TarArchiveEntry("big"), "x".repeat(2000)));

    assertThatExceptionOfType(UnsafeArchive.class)
        .isThrownBy(() -> Archives.unpackTarGz(archive, into, new Archives.Limits(1000, 10, 100)))
        .withMessageContaining("too big");
  }

  @Test
  void refusesTooManyEntries() throws IOException {
    Path archive =
        archive(
            tar -> {
              for (int i = 0; i < 5; i++) {
                add(tar, new TarArchiveEntry("f" + i), "");
              }
            });

    assertThatExceptionOfType(UnsafeArchive.class)
        .isThrownBy(() -> Archives.unpackTarGz(archive, into, new Archives.Limits(1000, 3, 100)))
        .withMessageContaining("entries");
  }

  @Test
  void whatIsNoArchiveIsAnErrorToo() throws IOException {
    Path file = Files.writeString(temp.resolve("a.tar.gz"), "not a gzip");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Archives.unpackTarGz(file, into, Archives.Limits.BUNDLE));
  }

  @Test
  void refusesWhatIsNoArchive() throws IOException {
    Path archive = Files.writeString(temp.resolve("a.tar.gz"), "no gzip");
    assertThatExceptionOfType(UnsafeArchive.class)
        .isThrownBy(() -> Archives.unpackTarGz(archive, into, Archives.Limits.BUNDLE))
        .withMessageContaining("cannot be read");
  }

  @Test
  void refusesAnArchiveThatEndsInTheMiddle() throws IOException {
    Path archive = archive(tar -> add(tar, new TarArchiveEntry("a.js"), "a".repeat(10_000)));
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatExceptionOfType(UnsafeArchive.class)
        .isThrownBy(() -> Archives.unpackTarGz(archive, into, Archives.Limits.BUNDLE));
  }

  @Test
  void refusesAFileThatIsAFolderToo() throws IOException {
    refused(
        "cannot be written",
        tar -> {
          add(tar, new TarArchiveEntry("a"), "file");
          add(tar, new TarArchiveEntry("a/b"), "below it");
        });
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_GNUTYPE_LONGNAME, TarConstants.LF_PAX_EXTENDED_HEADER_LC})
  void refusesANameThatFillsTheMemory(byte kind) throws IOException {
    long size = 600L << 20;
    refused(
        "",
        tar -> {
          TarArchiveEntry entry = new TarArchiveEntry("name", kind);
          entry.setSize(size);
          tar.putArchiveEntry(entry);
          byte[] zeros = new byte[1 << 20];
          for (int i = 0; i < 600; i++) {
            tar.write(zeros);
          }
          tar.closeArchiveEntry();
          add(tar, new TarArchiveEntry("a"), "a");
        });
  }
}
