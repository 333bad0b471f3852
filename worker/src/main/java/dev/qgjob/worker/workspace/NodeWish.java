package dev.qgjob.worker.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.semver4j.RangesList;
import org.semver4j.RangesListFactory;
import org.semver4j.Semver;

/**
 * Which Node a project asks for. Its text comes from a stranger's file: it is only ever compared
 * with versions that are known, and never part of a command.
 *
 * @param text as it is written
 * @param from the file that says so
 * @param range of versions that fit
 */
record NodeWish(String text, String from, RangesList range) {
  /** The first that Playwright and AppWright run on. */
  static final int LEAST_MAJOR = 18;

  private static final int MOST_BYTES = 1_000;
  private static final int MOST_MANIFEST_BYTES = 5_000_000;
  private static final Pattern NUMBERS =
      Pattern.compile("v?(\\d{1,3})(?:\\.(\\d{1,5}))?(?:\\.(\\d{1,5}))?");
  private static final String COMPARED =
      "(?:[<>]=?|[=~^])? *v?(?:\\d{1,5}|[xX*])(?:\\.(?:\\d{1,5}|[xX*])){0,2}";
  private static final String TOGETHER = COMPARED + "(?: +(?:- +)?" + COMPARED + "){0,5}";

  /** The library takes what is no range for one that everything fits. */
  private static final Pattern RANGE =
      Pattern.compile(TOGETHER + "(?: *\\|\\| *" + TOGETHER + "){0,9}");

  /** Node's names for its lines with long support. */
  private static final Map<String, Integer> LONG_SUPPORT =
      Map.ofEntries(
          Map.entry("argon", 4),
          Map.entry("boron", 6),
          Map.entry("carbon", 8),
          Map.entry("dubnium", 10),
          Map.entry("erbium", 12),
          Map.entry("fermium", 14),
          Map.entry("gallium", 16),
          Map.entry("hydrogen", 18),
          Map.entry("iron", 20),
          Map.entry("jod", 22),
          Map.entry("krypton", 24));

  /**
   * That of the nearest folder, from the project up to the bundle's root, with a {@code .nvmrc} or
   * else a {@code .node-version}; where there is none, the nearest manifest's {@code engines.node}.
   */
  static Optional<NodeWish> of(Path bundle, Path project) throws IOException, NotReady {
    for (Path at = project; at != null && at.startsWith(bundle); at = at.getParent()) {
      for (String name : List.of(".nvmrc", ".node-version")) {
        if (Files.exists(at.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
          return Optional.of(named(oneLine(read(at.resolve(name), MOST_BYTES), name), name));
        }
      }
    }
    for (Path at = project; at != null && at.startsWith(bundle); at = at.getParent()) {
      if (Files.exists(at.resolve("package.json"), LinkOption.NOFOLLOW_LINKS)) {
        String engines = engines(at.resolve("package.json"));
        if (!engines.isEmpty()) {
          return Optional.of(ranged(engines));
        }
      }
    }
    return Optional.empty();
  }

  /** As nvm writes them. */
  static NodeWish named(String text, String from) throws NotReady {
    Matcher numbers = NUMBERS.matcher(text);
    if (numbers.matches()) {
      int major = Integer.parseInt(numbers.group(1));
      if (major < LEAST_MAJOR) {
        throw tooOld(text, from);
      }
      String minor = Optional.ofNullable(numbers.group(2)).orElse("x");
      String patch = Optional.ofNullable(numbers.group(3)).orElse("x");
      return new NodeWish(text, from, range(major + "." + minor + "." + patch));
    }
    if (text.equals("node") || text.equals("stable")) {
      return new NodeWish(text, from, range(">=" + LEAST_MAJOR));
    }
    if (text.equals("lts/*")) {
      return new NodeWish(text, from, range("18.x || 20.x || 22.x || 24.x"));
    }
    Integer line = text.startsWith("lts/") ? LONG_SUPPORT.get(text.substring(4)) : null;
    if (line == null) {
      throw unreadable(text, from, "write it as 20, v20.11.1, lts/iron, lts/* or node");
    }
    if (line < LEAST_MAJOR) {
      throw tooOld(text, from);
    }
    return new NodeWish(text, from, range(line + ".x"));
  }

  /** As {@code engines.node} writes them. */
  static NodeWish ranged(String text) throws NotReady {
    String from = "engines.node in package.json";
    if (text.length() > 100 || !RANGE.matcher(text).matches()) {
      throw unreadable(text, from, "write it as >=20 or ^20.11.0");
    }
    RangesList range = range(text);
    if (range.get().isEmpty()) {
      throw unreadable(text, from, "write it as >=20 or ^20.11.0");
    }
    return new NodeWish(text, from, range);
  }

  private static RangesList range(String text) {
    return RangesListFactory.create(text);
  }

  boolean fits(Semver version) {
    return version.getMajor() >= LEAST_MAJOR
        && version.getPreRelease().isEmpty()
        && range.isSatisfiedBy(version);
  }

  /** Where no version of {@link #LEAST_MAJOR} or newer fits. */
  NotReady nothingFits() {
    return new NotReady(
        FailureKind.SUBMITTER,
        "no released Node from " + LEAST_MAJOR + " on fits " + text + " (" + from + ")");
  }

  private static NotReady tooOld(String text, String from) {
    return new NotReady(
        FailureKind.SUBMITTER,
        from + " asks for Node " + text + ": Playwright and AppWright need 18 or newer");
  }

  private static NotReady unreadable(String text, String from, String how) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return new NotReady(
        FailureKind.SUBMITTER,
        from
            + " names no version of Node: "
            + printable.substring(0, Math.min(40, printable.length()))
            + "; "
            + how);
  }

  /** The one line that is neither empty nor a comment. */
  private static String oneLine(String all, String from) throws NotReady {
    List<String> lines =
        all.lines()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    if (lines.size() != 1) {
      throw unreadable(String.join(" ", lines), from, "it has to be one line");
    }
    return lines.get(0);
  }

  private static String engines(Path manifest) throws IOException, NotReady {
    try {
      return new ObjectMapper()
          .readTree(read(manifest, MOST_MANIFEST_BYTES))
          .path("engines")
          .path("node")
          .asText()
          .strip();
    } catch (JsonProcessingException e) {
      throw new NotReady(
          FailureKind.SUBMITTER, "package.json is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String read(Path file, int most) throws IOException, NotReady {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotReady(
          FailureKind.SUBMITTER, file.getFileName() + " in the bundle is no regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new NotReady(
            FailureKind.SUBMITTER,
            file.getFileName() + " in the bundle is longer than " + most + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
