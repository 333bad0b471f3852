package dev.qgjob.scheduler.setting;

import dev.qgjob.domain.artefact.ArtefactLimits;
import dev.qgjob.domain.lease.LeasePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scheduler's settings. Each is read from a system property such as {@code qgjob.lease}, else
 * from the environment variable {@code QGJOB_LEASE}; a text that cannot be read is refused at the
 * start, by its name.
 *
 * @param home {@code qgjob.home}: where files of this server lie
 * @param blobs {@code qgjob.blobs} (the home's {@code blobs}): where uploads lie; servers beside
 *     each other share it. For a bucket also {@code qgjob.s3.endpoint} (Amazon's own), {@code
 *     qgjob.s3.region} (us-east-1), {@code qgjob.s3.access.key}, {@code qgjob.s3.secret.key} and
 *     {@code qgjob.s3.path.style} (true with an endpoint, else false)
 * @param secretsKey {@code qgjob.secrets.key} (the home's {@code secrets.key}): file with the key
 *     of what is sealed; made where it is missing; servers beside each other share it
 * @param leases {@code qgjob.lease} (60s) and {@code qgjob.claim.most} (64)
 * @param limits {@code qgjob.limit.blob} (1GiB), {@code qgjob.limit.attempt.files} (200), {@code
 *     qgjob.limit.attempt.bytes} (512MiB)
 * @param decisions {@code qgjob.decisions.keep} (168h), {@code qgjob.decisions.bytes} (64MiB a day;
 *     0 keeps none)
 * @param keep {@code qgjob.keep} (90d; 0d: for ever): how long runs that have ended are kept from
 *     their submission, and uploads from the last one with them
 * @param keepPause {@code qgjob.keep.pause} (10m): how often is looked for what is older
 * @param browserStackMinute {@code qgjob.browserstack.minute} (60s): the waiting time that a minute
 *     there is worth when a job could go on to it
 */
public record Settings(
    Path home,
    BlobPlace blobs,
    Path secretsKey,
    LeasePolicy leases,
    ArtefactLimits limits,
    Decisions decisions,
    Duration keep,
    Duration keepPause,
    Duration browserStackMinute) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,12})(KiB|MiB|GiB)?");

  private static final class Current {
    static final Settings SETTINGS = of(System::getProperty, System::getenv);
  }

  /** As this process was started. */
  public static Settings current() {
    return Current.SETTINGS;
  }

  static Settings of(Function<String, String> properties, Function<String, String> environment) {
    Source source = new Source(properties, environment);
    ArtefactLimits limits = ArtefactLimits.DEFAULT;
    Path home = Path.of(source.text("qgjob.home").orElse(".qgjob/server")).toAbsolutePath();
    return new Settings(
        home,
        blobs(source, home),
        source
            .text("qgjob.secrets.key")
            .map(Path::of)
            .orElse(home.resolve("secrets.key"))
            .toAbsolutePath(),
        new LeasePolicy(
            source.read("qgjob.lease", Settings::duration, Duration.ofSeconds(60)),
            source.read("qgjob.claim.most", Integer::parseInt, 64)),
        new ArtefactLimits(
            source.read("qgjob.limit.blob", Settings::bytes, limits.blobBytes()),
            source.read("qgjob.limit.attempt.files", Integer::parseInt, limits.filesPerAttempt()),
            source.read("qgjob.limit.attempt.bytes", Settings::bytes, limits.bytesPerAttempt())),
        new Decisions(
            source.read("qgjob.decisions.keep", Settings::duration, Duration.ofDays(7)),
            source.read("qgjob.decisions.bytes", Settings::bytes, 64L << 20)),
        source.read("qgjob.keep", Settings::duration, Duration.ofDays(90)),
        source.read("qgjob.keep.pause", Settings::pause, Duration.ofMinutes(10)),
        source.read("qgjob.browserstack.minute", Settings::duration, Duration.ofSeconds(60)));
  }

  private static BlobPlace blobs(Source source, Path home) {
    BlobPlace.Keys keys =
        new BlobPlace.Keys(
            source.read("qgjob.s3.endpoint", BlobPlace::endpoint).orElse(null),
            source.text("qgjob.s3.region").orElse("us-east-1"),
            source.text("qgjob.s3.access.key").orElse(null),
            source.text("qgjob.s3.secret.key").orElse(null),
            source.read("qgjob.s3.path.style", BlobPlace::pathStyle).orElse(null));
    BlobPlace inHome = new BlobPlace.Folder(home.resolve("blobs"));
    return source.read("qgjob.blobs", text -> BlobPlace.of(text, keys), inHome);
  }

  /** How long placement's decisions are kept, in whole days, and how much of a day. */
  public record Decisions(Duration keep, long bytesPerDay) {}

  private record Source(Function<String, String> properties, Function<String, String> environment) {
    Optional<String> text(String name) {
      String variable = name.toUpperCase(Locale.ROOT).replace('.', '_');
      return Optional.ofNullable(properties.apply(name))
          .or(() -> Optional.ofNullable(environment.apply(variable)))
          .filter(text -> !text.isBlank());
    }

    <T> T read(String name, Function<String, T> parse, T otherwise) {
      return read(name, parse).orElse(otherwise);
    }

    <T> Optional<T> read(String name, Function<String, T> parse) {
      Optional<String> text = text(name);
      try {
        return text.map(parse);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            name + " is '" + shown(text.orElse("")) + "': " + e.getMessage(), e);
      }
    }
  }

  /** Without user and password of an address. */
  private static String shown(String text) {
    return text.replaceAll("//[^/]*@", "//");
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("give a duration such as 60s, 500ms, 5m, 2h or 90d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static Duration pause(String text) {
    Duration pause = duration(text);
    if (pause.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("give 1s at least");
    }
    return pause;
  }

  private static long bytes(String text) {
    Matcher matcher = BYTES.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("give a size such as 1GiB, 512MiB or 1048576");
    }
    long amount = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    return unit == null
        ? amount
        : switch (unit) {
          case "KiB" -> Math.multiplyExact(amount, 1L << 10);
          case "MiB" -> Math.multiplyExact(amount, 1L << 20);
          default -> Math.multiplyExact(amount, 1L << 30);
        };
  }
}
