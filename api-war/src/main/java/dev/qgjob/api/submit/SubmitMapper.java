package dev.qgjob.api.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.api.form.Form;
import dev.qgjob.api.json.ApiJson;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.api.words.Words;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestFilter;
import dev.qgjob.domain.submit.BuildFile;
import dev.qgjob.domain.submit.Submission;
import dev.qgjob.domain.submit.Vault;
import dev.qgjob.domain.submit.WantedJob;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.RunSubmission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Submissions from the wire, checked for their form. */
final class SubmitMapper {
  private static final int MOST_TESTS = 2_000;
  private static final int MOST_WISHES = 20;
  private static final int MOST_FILES = 10;
  private static final int LONGEST_FILE_NAME = 255;
  private static final int MOST_OF_A_GREP = 1_000;
  private static final int TIMEOUT_S = 1_800;

  private SubmitMapper() {}

  static Submission submission(RunSubmission body, @Nullable String key, Vault vault) {
    AppFile app = body.app();
    return new Submission(
        body.orgId(),
        Form.visible("app_version_id", body.appVersionId(), 128),
        app == null ? null : Form.sha256("app.sha256", app.sha256()),
        app == null ? null : fileName("app.file_name", app.fileName()),
        furtherFiles(body),
        Form.sha256("bundle_sha256", body.bundleSha256()),
        body.projectDir() == null ? "." : Form.path("project_dir", body.projectDir()),
        Form.path("config", body.config()),
        Form.text("project", body.project(), 128),
        targets(body.targets()),
        projects(body.projects()),
        jobs(body),
        Map.of(),
        splits(body),
        priority(body.priority(), 0),
        body.reset() == null ? null : Words.reset(body.reset()),
        Form.within("retries", body.retries(), 0, 10, 0),
        Form.within("timeout_s", body.timeoutS(), 1, 86_400, TIMEOUT_S),
        Boolean.TRUE.equals(body.stock()),
        Form.textOrNull("name", body.name(), 200),
        new TestFilter(
            Form.textOrNull("grep", body.grep(), MOST_OF_A_GREP),
            Form.textOrNull("grep_invert", body.grepInvert(), MOST_OF_A_GREP)),
        Environment.checked("environment", body.environment()),
        secrets(body, vault),
        Labels.checked(body.labels()),
        device(body.device()),
        resources(body.resources()),
        Boolean.TRUE.equals(body.waitForDevice()),
        abandonedAfter(body.abandonedAfterS()),
        key(key),
        hash(body.masked()));
  }

  /** One test more, all else as in the newest run of the same app version. */
  static Submission submission(JobSubmission body, Run newest, @Nullable String key) {
    return new Submission(
        body.orgId(),
        newest.appVersionId(),
        null,
        null,
        List.of(),
        newest.bundleSha256(),
        newest.projectDir(),
        newest.config(),
        newest.project(),
        List.of(body.target() == null ? newest.target() : Words.target(body.target())),
        newest.projects(),
        List.of(new WantedJob(Form.path("test_path", body.testPath()))),
        Map.of(),
        false,
        priority(body.priority(), newest.priority()),
        resetAsBefore(newest),
        newest.retries(),
        (int) newest.timeout().toSeconds(),
        newest.stock(),
        newest.name(),
        newest.filter(),
        newest.environment(),
        newest.secrets(),
        Map.of(),
        newest.device(),
        newest.resources(),
        false,
        null,
        key(key),
        hash(body));
  }

  /**
   * The given jobs of an earlier run again, with all that it had; {@code sha256} is its build's.
   */
  static Submission again(
      Run run, String sha256, Retries.Again again, Object body, @Nullable String key) {
    return new Submission(
        run.orgId(),
        run.appVersionId(),
        sha256,
        null,
        List.of(),
        run.bundleSha256(),
        run.projectDir(),
        run.config(),
        run.project(),
        targets(run),
        run.projects(),
        again.jobs(),
        again.only(),
        false,
        run.priority(),
        resetAsBefore(run),
        run.retries(),
        (int) run.timeout().toSeconds(),
        run.stock(),
        run.name(),
        run.filter(),
        run.environment(),
        run.secrets(),
        Labels.retryOf(run),
        run.device(),
        run.resources(),
        false,
        null,
        key(key),
        hash(List.of(run.id(), body)));
  }

  /** Nobody insists on clear-data a second time: what was learned meanwhile holds. */
  private static @Nullable ResetPolicy resetAsBefore(Run run) {
    return run.reset() == ResetPolicy.CLEAR_DATA ? null : run.reset();
  }

  private static List<BuildFile> furtherFiles(RunSubmission body) {
    return Stream.concat(
            files("app_variants", body.appVariants(), false),
            files("companions", body.companions(), true))
        .toList();
  }

  private static Stream<BuildFile> files(
      String field, @Nullable List<AppFile> files, boolean companions) {
    if (files == null) {
      return Stream.empty();
    }
    Form.atMost(field, files, MOST_FILES);
    return IntStream.range(0, files.size())
        .mapToObj(
            i -> {
              String at = field + "[" + i + "]";
              return new BuildFile(
                  Form.sha256(at + ".sha256", files.get(i).sha256()),
                  fileName(at + ".file_name", files.get(i).fileName()),
                  companions);
            });
  }

  private static @Nullable String secrets(RunSubmission body, Vault vault) {
    Map<String, String> secrets = body.secrets();
    if (secrets == null || secrets.isEmpty()) {
      return null;
    }
    Environment.checked("secrets", secrets);
    secrets.keySet().stream()
        .filter(body.environment()::containsKey)
        .findFirst()
        .ifPresent(
            name -> {
              throw Refusal.field(
                  "secrets", name + " is in environment as well", "give it once, as a secret");
            });
    return vault.seal(secrets);
  }

  /** Where its jobs may run, the one first that they were queued at first. */
  private static List<Target> targets(Run run) {
    return Stream.concat(
            Stream.of(run.target()),
            run.projects().keySet().stream().filter(t -> t != run.target()).sorted())
        .toList();
  }

  private static Map<Target, String> projects(
      @Nullable Map<dev.qgjob.protocol.Target, String> asked) {
    Map<Target, String> projects = new EnumMap<>(Target.class);
    if (asked != null) {
      asked.forEach(
          (target, project) ->
              projects.put(Words.target(target), Form.text("projects", project, 128)));
    }
    return projects;
  }

  private static @Nullable Duration abandonedAfter(@Nullable Integer seconds) {
    return seconds == null
        ? null
        : Duration.ofSeconds(Form.within("abandoned_after_s", seconds, 60, 86_400, 0));
  }

  private static Set<String> resources(@Nullable List<String> asked) {
    if (asked == null) {
      return Set.of();
    }
    Form.check(
        asked.size() <= MOST_WISHES,
        "resources",
        "resources must have at most " + MOST_WISHES + " entries");
    asked.forEach(name -> Form.name("resources", name));
    return Set.copyOf(asked);
  }

  private static Map<String, String> device(@Nullable Map<String, String> device) {
    if (device == null) {
      return Map.of();
    }
    Form.check(
        device.size() <= MOST_WISHES,
        "device",
        "device must have at most " + MOST_WISHES + " entries");
    device.forEach(
        (name, value) -> {
          Form.visible("device", name, 64);
          Form.text("device." + name, value, 200);
        });
    return device;
  }

  private static int priority(@Nullable Integer priority, int otherwise) {
    return Form.within("priority", priority, -100, 100, otherwise);
  }

  private static String fileName(String field, @Nullable String value) {
    String name = Form.path(field, value);
    Form.check(name.indexOf('/') < 0, field, field + " must be a file's name without folders");
    Form.check(
        name.length() <= LONGEST_FILE_NAME,
        field,
        field + " must have at most " + LONGEST_FILE_NAME + " characters");
    return name;
  }

  private static List<Target> targets(List<dev.qgjob.protocol.Target> targets) {
    refuseTwice("targets", Form.some("targets", targets, Target.values().length));
    return targets.stream().map(Words::target).toList();
  }

  private static List<WantedJob> jobs(RunSubmission body) {
    List<String> tests = tests(body.tests());
    if (!Boolean.TRUE.equals(body.eachTarget())) {
      return tests.stream().map(WantedJob::new).toList();
    }
    List<Target> targets = targets(body.targets());
    Form.check(
        tests.size() * targets.size() <= MOST_TESTS,
        "each_target",
        "each_target makes more than " + MOST_TESTS + " jobs of these tests and targets");
    return tests.stream()
        .flatMap(test -> targets.stream().map(target -> new WantedJob(test, target)))
        .toList();
  }

  private static boolean splits(RunSubmission body) {
    boolean splits = Boolean.TRUE.equals(body.splitSpecs());
    Form.check(
        !splits || !Boolean.TRUE.equals(body.eachTarget()),
        "split_specs",
        "split_specs goes not with each_target");
    return splits;
  }

  private static List<String> tests(List<String> tests) {
    Form.some("tests", tests, MOST_TESTS);
    for (int i = 0; i < tests.size(); i++) {
      Form.path("tests[" + i + "]", tests.get(i));
    }
    refuseTwice("tests", tests);
    return tests;
  }

  private static void refuseTwice(String field, List<?> values) {
    Set<Object> seen = new HashSet<>();
    for (Object value : values) {
      if (!seen.add(value)) {
        String shown = Refusal.shortened(value.toString());
        throw Refusal.field(field, field + " names " + shown + " twice", "name it once");
      }
    }
  }

  private static @Nullable String key(@Nullable String key) {
    return key == null ? null : Form.secret(Paths.IDEMPOTENCY_KEY, key, 1, 128);
  }

  /** Of the body as it was understood: order of members and spaces make no difference. */
  private static String hash(Object body) {
    try {
      byte[] canonical = ApiJson.mapper().writeValueAsBytes(body);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a body that was read cannot be written", e);
    }
  }
}
