package dev.qgjob.cli.submit;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.bundle.Bundle;
import dev.qgjob.cli.bundle.ProjectTree;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.project.AppWrightConfig;
import dev.qgjob.cli.project.AppWrightProject;
import dev.qgjob.cli.project.ConfigReader;
import dev.qgjob.cli.show.RunText;
import dev.qgjob.cli.show.RunUrl;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.cli.watch.WaitOptions;
import dev.qgjob.cli.watch.Watch;
import dev.qgjob.client.Answer;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotView;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.AppVersionView;
import dev.qgjob.protocol.submit.BuildView;
import dev.qgjob.protocol.submit.RunSubmission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** What {@code run} and {@code submit} have in common: all but whether they wait. */
abstract class Submitting implements Callable<Integer> {
  private static final Duration CONFIG_LIMIT = Duration.ofSeconds(30);

  private final Surroundings here;
  private final ConfigReader reader;
  private final List<ProjectCheck> checks = List.of(new ShapeCheck());

  @Mixin private final SubmitOptions options = new SubmitOptions();
  @Mixin private final WaitOptions waiting = new WaitOptions();
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  Submitting(Surroundings here) {
    this.here = here;
    this.reader = new ConfigReader(here.env(), CONFIG_LIMIT);
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  /** False: the run is left to itself once it is taken in. */
  abstract boolean waits();

  @Override
  public Integer call() throws Exception {
    options.check();
    Path folder = here.folder().resolve(options.projectDir);
    waiting.check(here, folder);
    Pipeline pipeline = Pipeline.of(here.env());
    Map<String, String> environment = options.environment(here.env());
    Map<String, String> secrets = options.secrets(here.env());
    Map<String, String> labels = new TreeMap<>(pipeline.labels());
    labels.putAll(options.labels());
    AppWrightProject project = AppWrightProject.find(folder, options.config);
    ProjectTree tree = ProjectTree.of(project.root(), options.extras());
    List<String> tests = tests(project, tree);
    AppFiles given = AppFiles.given(here.folder(), options.apps, options.companions);
    AppWrightConfig config = config(project);
    if (!options.stock) {
      check(project);
    }

    ApiClient client = connection.talkingClient();
    TargetChoice choice = choose(config, client);
    List<Target> each = config == null ? options.targets() : wished(config);
    if (options.eachTarget && !choice.targets().containsAll(each)) {
      throw Failure.usage(
          "--each-target: one app has to run on all of "
              + each.stream().map(Target::toString).collect(Collectors.joining(", "))
              + ", and the config's projects have it on "
              + choice.targets().stream().map(Target::toString).collect(Collectors.joining(", "))
              + " alone; add projects, or give the app with --app");
    }
    AppChoice app = app(client, given, config, choice, project);
    Answer<RunView> run;
    try (Bundle bundle = Bundle.pack(tree, options.mostBytes())) {
      AppFiles files = app instanceof AppChoice.Local local ? local.files() : null;
      RunSubmission submission =
          new RunSubmission(
              Optional.ofNullable(options.orgId).or(connection::org).orElse(null),
              options.appVersionId,
              files == null ? null : files.app(),
              files == null ? null : files.variants(),
              files == null ? null : files.beside(),
              bundle.sha256(),
              tree.projectDir(),
              project.config(),
              choice.project(),
              choice.targets(),
              options.eachTarget ? true : null,
              choice.projects(),
              tests,
              options.splitSpecs ? true : null,
              options.priority,
              options.reset,
              options.retries,
              options.timeout == null ? null : (int) options.timeout.toSeconds(),
              options.stock ? true : null,
              options.name,
              options.grep,
              options.grepInvert,
              environment,
              secrets,
              labels,
              options.device.isEmpty() ? null : options.device,
              options.waitForDevice ? true : null,
              options.resources.isEmpty() ? null : options.resources,
              waits() ? waiting.abandonedAfterS(here) : null);
      if (options.dryRun) {
        return rehearse(client, submission, bundle, tree);
      }
      upload(client, submission.orgId(), bundle, files);
      run = submit(client, submission, pipeline);
    }
    if (options.supersede != null) {
      Supersede.before(run.body(), options.supersede, client, here);
    }
    RunText.stuck(run.body()).forEach(here::say);
    String url = RunUrl.of(client, run.body().runId());
    waiting.github(here).ifPresent(github -> github.started(run.body(), url));
    if (url != null) {
      here.say("to look at: " + url);
    }
    return waits() ? watch(client, run, url) : accepted(run);
  }

  private List<String> tests(AppWrightProject project, ProjectTree tree) throws IOException {
    NavigableSet<String> files = tree.specs().navigableKeySet();
    if (!files.contains(project.config())) {
      throw Failure.usage(project.config() + " is ignored by git, so it would not be submitted");
    }
    return new TestSelection(project, files).of(options.tests);
  }

  /** Null where node is missing and everything is given that it would tell. */
  private @Nullable AppWrightConfig config(AppWrightProject project) throws IOException {
    boolean needless =
        options.project != null
            && !options.targets().isEmpty()
            && !options.anyTarget()
            && !options.apps.isEmpty();
    if (needless && !reader.possible()) {
      return null;
    }
    AppWrightConfig config = reader.read(project);
    if (!config.missing().isEmpty()) {
      here.say(
          project.config()
              + " was read without "
              + String.join(", ", config.missing())
              + ": not installed here");
    }
    return config;
  }

  private void check(AppWrightProject project) {
    for (ProjectCheck check : checks) {
      check
          .refusal(project)
          .ifPresent(
              reason -> {
                throw Failure.usage(reason);
              });
    }
  }

  private TargetChoice choose(@Nullable AppWrightConfig config, ApiClient client) {
    return config == null
        ? new TargetChoice(Objects.requireNonNull(options.project), options.targets(), null)
        : TargetChoice.of(
            config, wished(config), options.project, !options.apps.isEmpty(), () -> live(client));
  }

  /** A project that is named has the one target that it is for. */
  private List<Target> wished(AppWrightConfig config) {
    Set<Target> wished = new LinkedHashSet<>(options.targets());
    if (options.anyTarget() && options.project == null) {
      wished.addAll(config.targets());
    }
    return List.copyOf(wished);
  }

  /** Where a slot is that takes jobs of such a token. */
  private static Set<Target> live(ApiClient client) {
    List<SlotView> slots = client.get("/slots", SlotList.class).slots();
    boolean stranger =
        slots.stream().anyMatch(Submitting::forStrangers)
            && client.get("/me", Identity.class).role() == Role.UNTRUSTED;
    return slots.stream()
        .filter(slot -> !slot.state().equals("away"))
        .filter(slot -> forStrangers(slot) == stranger)
        .map(SlotView::target)
        .collect(Collectors.toSet());
  }

  private static boolean forStrangers(SlotView slot) {
    return "true".equals(slot.capabilities().get("untrusted"));
  }

  private AppChoice app(
      ApiClient client,
      @Nullable AppFiles given,
      @Nullable AppWrightConfig config,
      TargetChoice choice,
      AppWrightProject project) {
    if (given != null) {
      return new AppChoice.Local(given);
    }
    Optional<BuildView> known = known(client);
    if (known.isPresent()) {
      here.say(
          "app: build %d of %s, which the server has (%s)"
              .formatted(known.get().number(), options.appVersionId, known.get().fileName()));
      return new AppChoice.Known(known.get());
    }
    String buildPath =
        config == null
            ? null
            : config.named(choice.project()).map(AppWrightConfig.Entry::buildPath).orElse(null);
    Path built = buildPath == null ? null : local(project.root(), buildPath);
    if (built == null) {
      throw Failure.usage(
          "which app? There is no --app, the server knows no build of "
              + options.appVersionId
              + ", and "
              + (buildPath == null
                  ? "project " + choice.project() + " has no buildPath"
                  : "the buildPath "
                      + buildPath
                      + " of project "
                      + choice.project()
                      + " is no file"));
    }
    return new AppChoice.Local(
        new AppFiles(List.of(AppFileCheck.readable(built, "buildPath")), List.of()));
  }

  private static @Nullable Path local(Path root, String buildPath) {
    if (buildPath.contains("://")) {
      return null;
    }
    Path file = root.resolve(buildPath);
    return Files.isRegularFile(file) ? file : null;
  }

  private Optional<BuildView> known(ApiClient client) {
    try {
      List<BuildView> builds =
          client.get("/apps/" + Segment.of(options.appVersionId), AppVersionView.class).builds();
      return builds.isEmpty() ? Optional.empty() : Optional.of(builds.get(builds.size() - 1));
    } catch (ApiProblem e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void upload(
      ApiClient client, @Nullable String org, Bundle bundle, @Nullable AppFiles files)
      throws IOException {
    Map<String, Path> blobs = new LinkedHashMap<>();
    blobs.put(bundle.sha256(), bundle.file());
    if (files != null) {
      blobs.putAll(files.blobs());
    }
    new Uploads(client, here).send(org, bundle.sha256(), blobs);
  }

  private int rehearse(
      ApiClient client, RunSubmission submission, Bundle bundle, ProjectTree tree) {
    output.printOwn(
        submission.masked(),
        what ->
            DryRun.text(
                what, client.server(), tree.entries().size(), bundle.file().toFile().length()));
    return ExitCode.OK.number();
  }

  private Answer<RunView> submit(ApiClient client, RunSubmission submission, Pipeline pipeline) {
    // with a key of its own even where none is given, a repeat after a lost answer is harmless
    String key =
        options.idempotencyKey != null
            ? options.idempotencyKey
            : pipeline.key(submission.masked()).orElseGet(() -> UUID.randomUUID().toString());
    return client.tell("/runs", submission, RunView.class, Map.of(Paths.IDEMPOTENCY_KEY, key));
  }

  private int accepted(Answer<RunView> run) {
    output.print(run, RunText::submitted);
    here.say("its verdict: qgjob wait --run-id=" + run.body().runId());
    return ExitCode.OK.number();
  }

  private int watch(ApiClient client, Answer<RunView> run, @Nullable String url)
      throws InterruptedException {
    here.say(RunText.submitted(run.body()));
    Path folder = here.folder().resolve(options.projectDir);
    return new Watch(client, here, output, waiting, folder).of(run.body().runId(), url);
  }
}
