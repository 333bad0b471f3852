package dev.qgjob.api.submit;

import dev.qgjob.api.problem.Refusal;
import dev.qgjob.api.report.ReportMapper;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.submit.Submissions.Submitted;
import dev.qgjob.protocol.Paths;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** What came of a submission, as an answer: the one place that knows all its outcomes. */
final class SubmitAnswers {
  private SubmitAnswers() {}

  static Response run(Submitted submitted) {
    RunReport run = accepted(submitted);
    return answer(submitted, "/runs/" + run.run().id(), ReportMapper.view(run));
  }

  static Response job(Submitted submitted) {
    var job = ReportMapper.view(accepted(submitted).jobs().get(0));
    return answer(submitted, "/jobs/" + job.jobId(), job);
  }

  private static Response answer(Submitted submitted, String path, Object view) {
    return Response.status(submitted instanceof Submitted.Repeated ? 200 : 201)
        .location(URI.create(Paths.API + path))
        .entity(view)
        .build();
  }

  private static RunReport accepted(Submitted submitted) {
    if (submitted instanceof Submitted.Accepted accepted) {
      return accepted.run();
    }
    if (submitted instanceof Submitted.Repeated repeated) {
      return repeated.run();
    }
    if (submitted instanceof Submitted.KeyReused) {
      throw Refusal.of(
              409,
              "key-reused",
              "another submission was made under this " + Paths.IDEMPOTENCY_KEY,
              "use a new key for another submission")
          .at(Paths.IDEMPOTENCY_KEY);
    }
    if (submitted instanceof Submitted.WrongOrg wrong) {
      throw wrongOrg(wrong.named());
    }
    if (submitted instanceof Submitted.Invalid invalid) {
      throw Refusal.invalid(invalid.field(), invalid.problem(), invalid.action());
    }
    throw new IllegalStateException("unknown outcome " + submitted);
  }

  static Refusal wrongOrg(String named) {
    return Refusal.of(
            403,
            "wrong-org",
            "your token is not of the org " + Refusal.shortened(named),
            "leave org_id out, or use a token of that org")
        .at("org_id");
  }
}
