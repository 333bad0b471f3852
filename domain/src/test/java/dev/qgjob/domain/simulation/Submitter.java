package dev.qgjob.domain.simulation;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.simulation.Database.Kind;
import dev.qgjob.domain.submit.Submission;
import dev.qgjob.domain.submit.Submissions.Submitted;
import dev.qgjob.domain.testing.Fixtures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pipeline that submits one run, repeats itself until it hears an answer or loses patience, and
 * may think better of it.
 */
final class Submitter implements Network.Asker {
  private final Simulation world;
  private final String name;
  private final Caller caller;
  private final Submission submission;
  private final List<String> jobs = new ArrayList<>();
  private int tries;
  private int open = 1;

  Submitter(Simulation world, int number) {
    this.world = world;
    this.name = "ci" + number;
    Chance chance = world.chance();
    String org = chance.of(0.8) ? Fixtures.ORG : "other";
    this.caller = new Caller("tok_" + org, Role.SUBMITTER, org, null);
    List<String> tests = new ArrayList<>();
    for (long i = chance.between(1, 3); i > 0; i--) {
      tests.add("t" + world.plan().newBehaviour(chance) + ".spec.js");
    }
    Target target = chance.oneOf(world.plan().targets);
    this.submission = submission(org, chance.of(0.7) ? 1 : 2, tests, target, "body");
  }

  private Submission submission(
      String org, int build, List<String> tests, Target target, String body) {
    return new Submission(
        org,
        Fixtures.VERSION,
        Fixtures.sha(build),
        "app.apk",
        Fixtures.BUNDLE,
        ".",
        "appwright.config.js",
        "project",
        List.of(target),
        tests,
        world.chance().upTo(2),
        ResetPolicy.CLEAR_DATA,
        world.chance().of(0.3) ? 1 : 0,
        1800,
        false,
        null,
        Map.of(),
        Map.of(),
        false,
        "key-" + name,
        body);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean reachesServers() {
    return true;
  }

  @Override
  public void enter(Runnable what) {
    what.run();
  }

  @Override
  public boolean losesAnswer() {
    return false;
  }

  /** True while it has not heard what it wants to hear. */
  boolean waits() {
    return open > 0;
  }

  void submit() {
    if (tries > 0 && world.chance().of(0.05)) {
      world.trace().say(name, "gives up");
      open--;
      return;
    }
    world
        .network()
        .call(
            this,
            "submit",
            null,
            10_000,
            server -> server.submissions(Kind.SUBMIT, desk -> desk.submit(caller, submission)),
            this::answered,
            () -> again(this::submit));
    if (world.chance().of(0.1)) {
      open++;
      world.agenda().after(world.chance().between(0, 50), this::submit);
    }
  }

  private void again(Runnable what) {
    world.agenda().after(world.chance().backOff(tries++, 100, 5_000), what);
  }

  private void answered(Submitted answer) {
    RunReport run;
    if (answer instanceof Submitted.Accepted accepted) {
      run = accepted.run();
    } else if (answer instanceof Submitted.Repeated repeated) {
      run = repeated.run();
    } else {
      throw new Violation(name + " was answered " + answer);
    }
    world.referee().submitAnswered("key-" + name, run.run().id());
    open--;
    if (jobs.isEmpty()) {
      run.jobs().forEach(j -> jobs.add(j.job().id()));
      if (world.chance().of(0.2)) {
        String job = world.chance().oneOf(jobs);
        open++;
        world.agenda().after(world.chance().between(0, 3 * world.plan().lease), () -> cancel(job));
      }
    }
  }

  private void cancel(String job) {
    world
        .network()
        .call(
            this,
            "cancel " + job,
            null,
            10_000,
            server -> server.submissions(Kind.CANCEL, desk -> desk.cancelJob(caller, job)),
            answer -> {
              JobReport report = answer.orElseThrow(() -> new Violation(job + " is not there"));
              if (!report.job().state().isVerdict()) {
                throw new Violation(job + " was cancelled and is " + report.job().state());
              }
              world.referee().cancelAnswered(job, report.job().state());
              open--;
            },
            () -> again(() -> cancel(job)));
  }
}
