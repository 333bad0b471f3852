package dev.qgjob.worker.appwright;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.TestRef;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.appwright.RunEvent.Attachment;
import dev.qgjob.worker.appwright.RunEvent.TestEnd;
import dev.qgjob.worker.process.OutputLog;
import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Details;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job of a group while it runs: its report, its log, its times. Used by one thread. */
final class JobRun {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Types of attachments that are read as texts, and files of which nobody knows what they are. */
  private static final Pattern TEXT =
      Pattern.compile(
          "text/.*|application/octet-stream.*"
              + "|[^;]*[/+](json|xml|yaml|x-yaml|javascript|x-ndjson|sql)\\b.*",
          Pattern.CASE_INSENSITIVE);

  /** What the server takes for a type; a spec may say anything. */
  private static final Pattern TYPE =
      Pattern.compile("[A-Za-z0-9][\\w.+-]{0,60}/[A-Za-z0-9][\\w.+-]{0,60}( *;[ -~]{0,100})?");

  /**
   * Characters of an attachment's name that its file is kept under: the server takes 200 in all.
   */
  private static final int MOST_OF_A_NAME = 120;

  private final LongSupplier nanoTime;
  private final Assignment assignment;
  private final String spec;
  private final Path folder;
  private final OutputLog log;
  private final Redaction redaction;
  private SpecReport report;
  private List<TestRef> only;
  private @Nullable Part part;
  private boolean alone;
  private boolean started;
  private long waitsSince;
  private long startedAt;
  private long testBeganAt;
  private Duration waitedBefore = Duration.ZERO;
  private Duration waitedAtTest = Duration.ZERO;
  private Duration opening = Duration.ZERO;
  private @Nullable String runningTest;

  JobRun(Assignment assignment, Path folder, Redaction redaction) throws IOException {
    this(assignment, folder, redaction, System::nanoTime);
  }

  JobRun(Assignment assignment, Path folder, Redaction redaction, LongSupplier nanoTime)
      throws IOException {
    this.nanoTime = nanoTime;
    this.assignment = assignment;
    this.folder = folder;
    this.redaction = redaction;
    this.spec = Path.of(assignment.testPath()).normalize().toString().replace('\\', '/');
    this.report = new SpecReport(spec);
    this.only = assignment.only();
    this.part = only.isEmpty() ? assignment.part() : null;
    this.log = new OutputLog(folder.resolve("log.txt"));
    this.waitsSince = nanoTime.getAsLong();
  }

  Assignment assignment() {
    return assignment;
  }

  String id() {
    return assignment.jobId();
  }

  /** Path of the spec within the project, as the reporter names it. */
  String spec() {
    return spec;
  }

  SpecReport report() {
    return report;
  }

  /** The tests that it is about; empty: all of its spec. */
  List<TestRef> only() {
    return only;
  }

  /** The part of its spec that it is about; null: all of it, or what {@link #only} names. */
  @Nullable Part part() {
    return part;
  }

  /** Its tests cannot be run without the others of its spec, or of its part of the spec. */
  void runWhole() {
    part = only.isEmpty() ? null : assignment.part();
    only = List.of();
  }

  /** Its tests share a device, which would go on into the next spec of their process. */
  void runAlone() {
    alone = true;
  }

  boolean alone() {
    return alone;
  }

  Verdict verdict() {
    return Verdict.of(report, assignment.filter(), assignment.target());
  }

  boolean started() {
    return started;
  }

  /** What its tests are reported as when they are cut off now: the one that runs ran so far. */
  List<TestResult> resultsCutNow(TestStatus status, String message) {
    Duration ran = Duration.ofNanos(nanoTime.getAsLong() - testBeganAt);
    return report.resultsCutAt(runningTest, ran, status, message);
  }

  /** Where a picture of the screen goes when something is in the app's way. */
  Path screenshot() {
    return folder.resolve("in-front.png");
  }

  /** Where the target's own log goes when a test did not pass. */
  Path targetLog() {
    return folder.resolve("logcat.txt");
  }

  /** Set-up counts from here: the job before it has ended, or the worker has all that it needs. */
  void waitsFromNow() {
    waitsSince = nanoTime.getAsLong();
  }

  /** Before it is run in another process. */
  void forgetProcess() {
    report = new SpecReport(spec);
    started = false;
    opening = Duration.ZERO;
    runningTest = null;
  }

  /**
   * Returns whether this began the job.
   *
   * @param waited how long tests of the process have waited for the target so far
   */
  boolean testBegan(String id, Duration waited) {
    report.began(id);
    runningTest = id;
    testBeganAt = nanoTime.getAsLong();
    waitedAtTest = waited;
    if (started) {
      return false;
    }
    started = true;
    startedAt = testBeganAt;
    waitedBefore = waited;
    return true;
  }

  void testEnded(TestEnd test) {
    report.ended(test);
    Duration took = Duration.ofNanos(nanoTime.getAsLong() - testBeganAt);
    // whatever the process says, which is the test's as well
    opening = opening.plus(test.opening().compareTo(took) < 0 ? test.opening() : took);
    runningTest = null;
  }

  /**
   * When the job's time is over, on the monotonic clock. Its first test may use it up alone: then
   * Playwright, which times the test, gets {@code grace} to say so. Time for which it {@code
   * waited} for the target does not count.
   */
  long deadline(Duration grace, Duration waited) {
    boolean first = report.ends().isEmpty();
    return startedAt
        + assignment.timeout().plus(first ? grace : Duration.ZERO).toNanos()
        + waited.minus(waitedBefore).toNanos();
  }

  /**
   * Whether Playwright, which ends a test at the timeout, had {@code grace} to do so. Not before: a
   * test that began right after the job has its timeout in the moment in which the job has.
   *
   * @param waited how long tests of the process have waited for the target so far
   */
  boolean testIsStuck(Duration grace, Duration waited) {
    long had = nanoTime.getAsLong() - testBeganAt - waited.minus(waitedAtTest).toNanos();
    return runningTest == null || had >= assignment.timeout().plus(grace).toNanos();
  }

  /** Nothing is added to its log any more. */
  void close() {
    log.close();
  }

  /** What the target adds to the tests' environment: its secrets are not kept either. */
  void keepOut(Map<String, String> environment) {
    redaction.add(environment);
  }

  /** Without what must not be kept. */
  String clean(String text) {
    return redaction.apply(text);
  }

  String log(String text) {
    String clean = clean(text);
    log.add(clean);
    return clean;
  }

  List<String> lastLines() {
    return log.lastLines();
  }

  /**
   * What it brought, with its artefacts on disk. A provider prepares a phone for each session: that
   * is set-up, though a test had begun.
   *
   * @param waited how long tests of the process have waited for the target so far
   */
  Details details(List<TestResult> tests, int installs, List<String> notes, Duration waited) {
    long now = nanoTime.getAsLong();
    log.close();
    int executed = (int) tests.stream().filter(test -> test.status() != TestStatus.SKIPPED).count();
    return new Details(
        tests.stream().map(this::redacted).toList(),
        artefacts(),
        installs,
        executed,
        Duration.ofNanos((started ? startedAt : now) - waitsSince).plus(opening),
        started ? ran(now, waited) : Duration.ZERO,
        notes);
  }

  private Duration ran(long now, Duration waited) {
    Duration ran =
        Duration.ofNanos(now - startedAt).minus(opening).minus(waited.minus(waitedBefore));
    return ran.isNegative() ? Duration.ZERO : ran;
  }

  private TestResult redacted(TestResult test) {
    String message = test.message();
    String frame = test.codeFrame();
    return new TestResult(
        test.titlePath(),
        test.file(),
        test.line(),
        test.column(),
        test.status(),
        test.durationMs(),
        message == null ? null : redaction.apply(message),
        frame == null ? null : redaction.apply(frame));
  }

  private List<Artefact> artefacts() {
    List<Artefact> all = new ArrayList<>();
    all.add(new Artefact("log.txt", folder.resolve("log.txt"), "text/plain; charset=utf-8"));
    if (Files.isRegularFile(screenshot())) {
      all.add(new Artefact("in-front.png", screenshot(), "image/png"));
    }
    targetLogArtefact().ifPresent(all::add);
    int attached = all.size();
    ObjectNode document = JSON.createObjectNode();
    document.put("job_id", id()).put("attempt", assignment.attempt()).put("spec", clean(spec));
    ArrayNode tests = document.putArray("tests");
    for (TestEnd test : report.told()) {
      JsonNode told = redaction.apply(test.raw());
      tests.add(told);
      for (int i = 0; i < test.attachments().size(); i++) {
        Attachment attachment = test.attachments().get(i);
        Path file = fileOf(attachment);
        if (file != null && Files.isRegularFile(file)) {
          String name = nameOf(attachment, all.size() - attached + 1);
          JsonNode entry = told.path("attachments").path(i);
          withoutSecrets(file, attachment, all.size())
              .ifPresent(
                  clean -> {
                    all.add(new Artefact(name, clean, typeOf(attachment)));
                    if (entry instanceof ObjectNode named) {
                      named.put("artefact", name);
                    }
                  });
        }
      }
    }
    try {
      Path file = folder.resolve("report.json");
      // as bytes: a text may end in half a character, which is no text that a file can be given
      Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
      // before what is attached, of which not everything may be kept
      all.add(attached, new Artefact("report.json", file, "application/json"));
    } catch (IOException e) {
      LOG.warn("the report of {} cannot be written: {}", id(), e.getMessage());
    }
    return all;
  }

  /**
   * A copy of a text that may be kept; empty where none can be made. The file itself may be
   * anybody's and is left as it is.
   */
  private Optional<Path> withoutSecrets(Path file, Attachment attachment, int number) {
    if (!redaction.hasSecrets() || !TEXT.matcher(typeOf(attachment)).matches()) {
      return Optional.of(file);
    }
    try {
      if (Files.size(file) > Artefact.MOST_BYTES) {
        return Optional.of(file); // it is left behind, and the report says so
      }
      Path copies = Files.createDirectories(folder.resolve("attachments"));
      Path clean = copies.resolve(Integer.toString(number));
      redaction.copy(file, clean, Artefact.MOST_BYTES);
      return Optional.of(clean);
    } catch (IOException e) {
      LOG.warn("{} of {} cannot be kept: {}", attachment.name(), id(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Apps write what they were given, and so do those of others, into the phone's log. */
  private Optional<Artefact> targetLogArtefact() {
    Path file = targetLog();
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String said = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      Files.writeString(file, redaction.apply(said));
      return Optional.of(new Artefact("logcat.txt", file, "text/plain; charset=utf-8"));
    } catch (IOException e) {
      LOG.warn("the phone's log of {} cannot be kept: {}", id(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Null for what no file can be called: a spec may say anything. */
  private static @Nullable Path fileOf(Attachment attachment) {
    try {
      return Path.of(attachment.path());
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static String typeOf(Attachment attachment) {
    String type = attachment.contentType();
    return TYPE.matcher(type).matches() ? type : "application/octet-stream";
  }

  /** As it is kept under: {@code report.json} names it too. */
  private String nameOf(Attachment attachment, int number) {
    String ending =
        switch (attachment.contentType()) {
          case "image/png" -> ".png";
          case "image/jpeg" -> ".jpg";
          case "text/plain" -> ".txt";
          case "text/markdown" -> ".md";
          case "application/json" -> ".json";
          case "video/mp4" -> ".mp4";
          case "video/webm" -> ".webm";
          case "application/zip" -> ".zip";
          case "text/html" -> ".html";
          default -> "";
        };
    String whole = clean(attachment.name()).replaceAll("[^A-Za-z0-9._-]+", "-");
    String base = whole.substring(0, Math.min(MOST_OF_A_NAME, whole.length()));
    String name = base.isEmpty() || base.startsWith(".") ? "attachment" : base;
    return "attachments-" + number + "-" + name + (name.endsWith(ending) ? "" : ending);
  }
}
