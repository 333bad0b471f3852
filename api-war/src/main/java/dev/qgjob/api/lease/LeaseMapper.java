package dev.qgjob.api.lease;

import dev.qgjob.api.form.Form;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.api.words.Words;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.Vault;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.TestRef;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.lease.AppBinary;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.FinishAnswers;
import dev.qgjob.protocol.lease.Finished;
import dev.qgjob.protocol.lease.Finishes;
import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.protocol.lease.Granted;
import dev.qgjob.protocol.lease.JobFinish;
import dev.qgjob.protocol.lease.JobFinished;
import dev.qgjob.protocol.lease.RunSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Claims, grants and finishes between wire and domain. */
final class LeaseMapper {
  private static final int LONGEST_ID = 200;
  private static final int MOST_TESTS = 20_000;
  private static final long LONGEST_MS = Duration.ofDays(30).toMillis();

  private LeaseMapper() {}

  static Leases.ClaimRequest request(Claim claim) {
    return new Leases.ClaimRequest(
        claim.incarnation(),
        Form.visible("slot_id", claim.slotId(), LONGEST_ID),
        Form.visible("job_id", claim.jobId(), LONGEST_ID),
        claim.generation(),
        Form.secret("token", claim.token(), 16, 64),
        (int) Form.within("most", claim.most(), 1, 1_000),
        claim.shared());
  }

  static Granted granted(Leases.ClaimResult result, Vault vault) {
    if (result instanceof Leases.ClaimResult.Granted granted) {
      return new Granted(
          granted.lease().toMillis(),
          granted.grants().stream().map(one -> grant(one, vault)).toList());
    }
    if (result instanceof Leases.ClaimResult.Lost lost) {
      throw Refusal.of(409, "claim-lost", "the job is not to be had", "drop its message")
          .because(because(lost.why()));
    }
    if (result instanceof Leases.ClaimResult.NotRegistered not) {
      throw Refusal.of(409, "not-registered", "the slot is not registered", "register anew")
          .because(not.what());
    }
    if (result instanceof Leases.ClaimResult.UnknownJob unknown) {
      throw Refusal.unknown("job", unknown.jobId());
    }
    throw new IllegalStateException("unknown outcome " + result);
  }

  private static Grant grant(Leases.Grant grant, Vault vault) {
    Job job = grant.job();
    return new Grant(
        job.id(),
        job.runId(),
        job.generation(),
        job.attempt(),
        specification(job, grant.run(), grant.build(), vault),
        grant.only().stream()
            .map(test -> new TestRef(test.titlePath(), test.line(), test.column()))
            .toList());
  }

  private static RunSpecification specification(Job job, Run run, Build build, Vault vault) {
    return new RunSpecification(
        run.orgId(),
        run.appVersionId(),
        build.number(),
        job.testPath(),
        Words.part(job.part()),
        run.bundleSha256(),
        run.projectDir(),
        run.config(),
        run.projectOn(job.group().target()),
        Words.target(job.group().target()),
        build.sha256(),
        build.fileName(),
        build.packageName(),
        reset(job, run),
        (int) run.timeout().toSeconds(),
        run.stock(),
        run.filter().grep(),
        run.filter().grepInvert(),
        run.environment(),
        secrets(run, vault),
        binaries(build));
  }

  private static @Nullable List<AppBinary> binaries(Build build) {
    return build.binaries().isEmpty()
        ? null
        : build.binaries().stream()
            .map(
                file ->
                    new AppBinary(file.sha256(), file.fileName(), file.packageName(), file.abis()))
            .toList();
  }

  private static ResetPolicy reset(Job job, Run run) {
    if (job.isolation().installsAnew()) {
      return ResetPolicy.FULL;
    }
    ResetPolicy asked = Words.reset(run.reset());
    return asked == ResetPolicy.CONFIRM ? ResetPolicy.CLEAR_DATA : asked;
  }

  private static Map<String, String> secrets(Run run, Vault vault) {
    String sealed = run.secrets();
    return sealed == null
        ? Map.of()
        : vault
            .open(sealed)
            .orElseThrow(
                () ->
                    Refusal.of(
                        503,
                        "other-key",
                        "this server cannot read the secrets of run " + run.id(),
                        "give all servers the same qgjob.secrets.key, and submit anew what was"
                            + " sealed under a key that is gone"));
  }

  static Leases.FinishRequest request(Finish finish) {
    return new Leases.FinishRequest(
        finish.generation(),
        Form.secret("token", finish.token(), 16, 64),
        ending(finish),
        new AttemptReport(
            (int) Form.within("installs", finish.installs(), 0, 100_000),
            (int) Form.within("stock_installs", finish.stockInstalls(), 0, 100_000),
            milliseconds("set_up_ms", finish.setUpMs()),
            milliseconds("run_ms", finish.runMs()),
            tests(finish.tests())),
        Boolean.TRUE.equals(finish.hostEvent()));
  }

  private static Ending ending(Finish finish) {
    JobState outcome = Form.present("outcome", finish.outcome());
    Form.check(
        Words.state(outcome).isVerdict(),
        "outcome",
        "outcome must be passed, failed, error, cancelled or skipped");
    return new Ending(Words.state(outcome), Words.kind(kind(outcome, finish)), finish.message());
  }

  private static @Nullable FailureKind kind(JobState outcome, Finish finish) {
    return switch (outcome) {
      case FAILED, ERROR -> Form.present("failure_kind", finish.failureKind());
      case QUEUED, RUNNING, PASSED, CANCELLED, SKIPPED -> finish.failureKind();
    };
  }

  private static Duration milliseconds(String field, long value) {
    return Duration.ofMillis(Form.within(field, value, 0, LONGEST_MS));
  }

  private static List<dev.qgjob.domain.report.TestResult> tests(List<TestResult> tests) {
    Form.atMost("tests", tests, MOST_TESTS);
    List<dev.qgjob.domain.report.TestResult> taken = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      taken.add(test("tests[" + i + "].", tests.get(i)));
    }
    return taken;
  }

  private static dev.qgjob.domain.report.TestResult test(String at, TestResult test) {
    return new dev.qgjob.domain.report.TestResult(
        test.titlePath(),
        Form.text(at + "file", test.file(), 1_000),
        test.line(),
        test.column(),
        Words.status(Form.present(at + "status", test.status())),
        Form.within(at + "duration_ms", test.durationMs(), 0, LONGEST_MS),
        test.message(),
        test.codeFrame());
  }

  static Finished finished(Leases.FinishResult result) {
    if (result instanceof Leases.FinishResult.Recorded recorded) {
      return new Finished(recorded.job().id(), Words.state(recorded.job().state()));
    }
    if (result instanceof Leases.FinishResult.Fenced fenced) {
      throw Refusal.of(
              409,
              "fenced",
              "the lease on the job is not yours",
              "stop the run and drop its result")
          .because(because(fenced.why()));
    }
    if (result instanceof Leases.FinishResult.UnknownJob unknown) {
      throw Refusal.unknown("job", unknown.jobId());
    }
    throw new IllegalStateException("unknown outcome " + result);
  }

  static List<Leases.JobFinish> requests(Finishes body) {
    Form.some("finishes", body.finishes(), Finishes.MOST);
    List<Leases.JobFinish> taken = new ArrayList<>();
    Set<String> jobs = new HashSet<>();
    for (int i = 0; i < body.finishes().size(); i++) {
      String at = "finishes[" + i + "]";
      JobFinish one = body.finishes().get(i);
      String jobId = Form.visible(at + ".job_id", one.jobId(), LONGEST_ID);
      Form.check(jobs.add(jobId), at + ".job_id", at + ".job_id is told twice");
      taken.add(new Leases.JobFinish(jobId, request(Form.present(at + ".finish", one.finish()))));
    }
    return taken;
  }

  static FinishAnswers answers(List<Leases.JobFinish> told, List<Leases.FinishResult> results) {
    List<JobFinished> answers = new ArrayList<>();
    for (int i = 0; i < told.size(); i++) {
      answers.add(answer(told.get(i).jobId(), results.get(i)));
    }
    return new FinishAnswers(answers);
  }

  private static JobFinished answer(String jobId, Leases.FinishResult result) {
    if (result instanceof Leases.FinishResult.Recorded recorded) {
      return new JobFinished(jobId, Words.state(recorded.job().state()), null);
    }
    if (result instanceof Leases.FinishResult.Fenced fenced) {
      return new JobFinished(jobId, null, because(fenced.why()));
    }
    if (result instanceof Leases.FinishResult.UnknownJob) {
      return new JobFinished(jobId, null, "there is no such job");
    }
    throw new IllegalStateException("unknown outcome " + result);
  }

  private static String because(Transition.Refusal why) {
    return switch (why) {
      case STALE -> "the job was sent again since";
      case TAKEN -> "another slot holds its lease";
      case FENCED -> "the lease ran out, or is held under another token";
      case ENDED -> "the job has its verdict";
      case NOTHING_TO_DO -> "there is nothing left to do";
    };
  }
}
