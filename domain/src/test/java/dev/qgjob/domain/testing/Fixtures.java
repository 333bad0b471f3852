package dev.qgjob.domain.testing;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Part;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestFilter;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Things for tests to start from. */
public final class Fixtures {
  public static final String ORG = "acme";
  public static final String VERSION = "1.0";
  public static final String PACKAGE = "com.acme.app";
  public static final String BUNDLE = "b".repeat(64);
  public static final GroupKey GROUP = new GroupKey(ORG, VERSION, 1, Target.EMULATOR);

  private Fixtures() {}

  /** The SHA-256 that stands for a build's binary. */
  public static String sha(int build) {
    return String.format("%064x", build);
  }

  /** A build of {@link #VERSION}. */
  public static Build build(int number) {
    return build(number, Compatibility.ANY);
  }

  /** The same, for such phones alone. */
  public static Build build(int number, Compatibility compatibility) {
    return new Build(
        ORG,
        VERSION,
        number,
        sha(number),
        "app.apk",
        10,
        PACKAGE,
        "1.0",
        Instant.parse("2026-03-01T08:00:00Z"),
        List.of(),
        compatibility);
  }

  /** A run on emulators. */
  public static Run run(String id, int build, Instant now) {
    return run(id, build, Map.of(), now);
  }

  /** A run on emulators that have these capabilities. */
  public static Run run(String id, int build, Map<String, String> device, Instant now) {
    return run(id, build, device, Map.of(), Set.of(), now);
  }

  private static Run run(
      String id,
      int build,
      Map<String, String> device,
      Map<Target, String> projects,
      Set<String> resources,
      Instant now) {
    return new Run(
        id,
        ORG,
        VERSION,
        build,
        BUNDLE,
        ".",
        "appwright.config.js",
        "emulator",
        Target.EMULATOR,
        projects,
        false,
        Map.of("t0.spec.js", List.of(new TestRef(List.of("cart", "adds"), 12, 3))),
        0,
        ResetPolicy.CLEAR_DATA,
        0,
        Duration.ofMinutes(30),
        false,
        null,
        new TestFilter("@smoke", null),
        Map.of(),
        "sealed",
        Map.of("team", "checkout"),
        device,
        resources,
        now);
  }

  /** Adds a build where it is missing, and a run of so many queued jobs. */
  public static List<Job> queued(World world, int build, int count) {
    return queued(world, build, count, Map.of());
  }

  /** As {@link #queued(World, int, int)}, for slots that have these capabilities. */
  public static List<Job> queued(World world, int build, int count, Map<String, String> device) {
    return queued(world, build, count, device, Map.of(), Set.of(), 0);
  }

  /** Queued for this target alone. */
  public static List<Job> queuedOn(World world, Target target, int count) {
    return queued(world, target, 1, count, Map.of(), Map.of(), Set.of(), 0);
  }

  /** Queued for emulators, of a run that may also run at BrowserStack. */
  public static List<Job> queuedForCloud(World world, int count) {
    Map<Target, String> projects =
        Map.of(Target.EMULATOR, "emulator", Target.BROWSERSTACK, "browserstack");
    return queued(world, 1, count, Map.of(), projects, Set.of(), 0);
  }

  /** Of a run whose failed jobs are tried so often again. */
  public static List<Job> queuedWithRetries(World world, int build, int count, int retries) {
    return queued(world, build, count, Map.of(), Map.of(), Set.of(), retries);
  }

  /** Of a run whose jobs use something scarce. */
  public static List<Job> queuedWith(World world, int build, int count, String resource) {
    return queued(world, build, count, Map.of(), Map.of(), Set.of(resource), 0);
  }

  /** Queued for emulators, of a run that may also run on devices, as another project there. */
  public static List<Job> queuedForAny(
      World world, int build, int count, Map<String, String> device) {
    return queued(
        world,
        build,
        count,
        device,
        Map.of(Target.EMULATOR, "emulator", Target.DEVICE, "device"),
        Set.of(),
        0);
  }

  private static List<Job> queued(
      World world,
      int build,
      int count,
      Map<String, String> device,
      Map<Target, String> projects,
      Set<String> resources,
      int retries) {
    return queued(world, Target.EMULATOR, build, count, device, projects, resources, retries);
  }

  private static List<Job> queued(
      World world,
      Target target,
      int build,
      int count,
      Map<String, String> device,
      Map<Target, String> projects,
      Set<String> resources,
      int retries) {
    return world.in(
        s -> {
          Instant now = s.jobs().now();
          int known = s.submissions().app(ORG, VERSION).map(a -> a.builds().size()).orElse(0);
          for (int n = known + 1; n <= build; n++) {
            s.submissions().addBuild(build(n));
          }
          Run run = run(s.submissions().newId("run"), build, device, projects, resources, now);
          GroupKey group = new GroupKey(ORG, VERSION, build, target);
          List<Job> jobs = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            jobs.add(
                Job.queued(
                    s.submissions().newId("job"),
                    run.id(),
                    group,
                    "t" + i + ".spec.js",
                    0,
                    retries,
                    now));
          }
          s.submissions().add(run, jobs, null, "hash");
          return jobs;
        });
  }

  /** Of the first build, of this priority and submitted then. */
  public static List<Job> queuedThen(World world, int count, int priority, Instant then) {
    queued(world, 1, 0);
    return world.in(
        s -> {
          Run run = run(s.submissions().newId("run"), 1, then);
          List<Job> jobs = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            String id = s.submissions().newId("job");
            jobs.add(Job.queued(id, run.id(), GROUP, "t" + i + ".spec.js", priority, 0, then));
          }
          s.submissions().add(run, jobs, null, "hash");
          return jobs;
        });
  }

  /** One spec of the first build, divided into so many parts. */
  public static List<Job> queuedInParts(World world, int parts) {
    queued(world, 1, 0);
    return world.in(
        s -> {
          Instant now = s.jobs().now();
          Run run = run(s.submissions().newId("run"), 1, Map.of(), Map.of(), Set.of(), now);
          GroupKey group = new GroupKey(ORG, VERSION, 1, Target.EMULATOR);
          List<Job> jobs = new ArrayList<>();
          for (int number = 1; number <= parts; number++) {
            jobs.add(
                Job.queued(
                    s.submissions().newId("job"),
                    run.id(),
                    group,
                    "long.spec.js",
                    new Part(number, parts),
                    0,
                    0,
                    now));
          }
          s.submissions().add(run, jobs, null, "hash");
          return jobs;
        });
  }

  /** Registers a worker with slots, attached as of now. */
  public static void slots(World world, String workerId, String... slotIds) {
    world.in(
        s -> {
          Instant now = s.fleet().now();
          s.fleet().saveWorker(new Worker(workerId, workerId, 1, "proof", 1, false, now));
          for (String id : slotIds) {
            s.fleet().saveSlot(slot(id, workerId, now));
          }
          return null;
        });
  }

  /** An attached emulator slot that holds nothing. */
  public static Slot slot(String id, String workerId, Instant beat) {
    return new Slot(id, workerId, Target.EMULATOR, "udid-" + id, Map.of(), Map.of(), true, 1, beat);
  }

  /** A lease of worker w1, incarnation 1. */
  public static Lease lease(String token, String slotId, Instant until) {
    return new Lease(token, slotId, "w1", 1, until);
  }

  /** An offer of an emulator slot. */
  public static Fleet.SlotOffer offer(String id) {
    return new Fleet.SlotOffer(id, Target.EMULATOR, "udid-" + id, Map.of(), Map.of());
  }

  /** The job as stored now. */
  public static Job now(World world, Job job) {
    return world.in(s -> s.jobs().find(job.id()).orElseThrow());
  }

  /** Writes a change and says whether it won. */
  public static boolean replace(World world, Job before, Job after, JobStore.LeaseGuard guard) {
    return world.in(s -> s.jobs().replace(before, after, guard));
  }

  /** A running copy of a queued job under a lease. */
  public static Job running(Job job, @Nullable Lease lease) {
    return new Job(
        job.id(),
        job.runId(),
        job.group(),
        job.testPath(),
        job.part(),
        job.priority(),
        dev.qgjob.domain.job.JobState.RUNNING,
        job.generation(),
        job.attempt() + 1,
        job.brokenAttempts(),
        job.retriesLeft(),
        null,
        null,
        job.interrupted(),
        job.transfers(),
        job.isolation(),
        lease,
        job.release(),
        false,
        null,
        null,
        job.createdAt(),
        job.createdAt(),
        null);
  }

  /** The job as it would be if it had to wait until then. */
  public static Job dueAt(Job job, Instant notBefore) {
    return new Job(
        job.id(),
        job.runId(),
        job.group(),
        job.testPath(),
        job.part(),
        job.priority(),
        job.state(),
        job.generation(),
        job.attempt(),
        job.brokenAttempts(),
        job.retriesLeft(),
        notBefore,
        job.avoidSlotId(),
        job.interrupted(),
        job.transfers(),
        job.isolation(),
        job.lease(),
        job.release(),
        job.flaky(),
        job.failureKind(),
        job.message(),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt());
  }
}
