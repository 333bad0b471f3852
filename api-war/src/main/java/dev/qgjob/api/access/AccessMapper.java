package dev.qgjob.api.access;

import dev.qgjob.api.form.Form;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.api.words.Words;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Enrolment;
import dev.qgjob.domain.access.IssuedToken;
import dev.qgjob.domain.access.Org;
import dev.qgjob.domain.access.Outcome;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.access.TokenInfo;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.CreateToken;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.access.OrgView;
import dev.qgjob.protocol.access.ResourceView;
import dev.qgjob.protocol.access.TargetLimit;
import dev.qgjob.protocol.access.TokenCreated;
import dev.qgjob.protocol.access.TokenView;
import dev.qgjob.protocol.access.WorkerEnrolled;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens, orgs and enrolments between wire and domain. */
final class AccessMapper {
  private static final long LONGEST_TOKEN_S = Duration.ofDays(3650).toSeconds();
  private static final long LONGEST_CODE_S = Duration.ofDays(7).toSeconds();
  private static final Duration CODE = Duration.ofHours(1);

  private AccessMapper() {}

  static Identity identity(Caller caller) {
    return new Identity(Words.role(caller.role()), caller.orgId(), caller.workerId());
  }

  static OrgView view(Org org) {
    return new OrgView(
        org.id(), org.name(), org.createdAt(), org.weight(), org.cap(), org.browserStackMinutes());
  }

  static List<ResourceView> view(List<Resource> resources) {
    return resources.stream().map(r -> new ResourceView(r.name(), r.count())).toList();
  }

  static List<TargetLimit> view(Map<Target, Integer> caps) {
    return Arrays.stream(Target.values())
        .map(target -> new TargetLimit(Words.target(target), caps.get(target)))
        .toList();
  }

  static Role role(CreateToken body) {
    Role role = Words.role(Form.present("role", body.role()));
    Form.check(
        role == Role.SUBMITTER || role == Role.UNTRUSTED || role == Role.VIEWER,
        "role",
        "role must be submitter, untrusted or viewer for a token of an org");
    return role;
  }

  static @Nullable Duration validFor(CreateToken body) {
    return body.ttlS() == null
        ? null
        : Duration.ofSeconds(Form.within("ttl_s", body.ttlS(), 1, LONGEST_TOKEN_S));
  }

  static Duration validFor(CreateEnrolment body) {
    return body.ttlS() == null
        ? CODE
        : Duration.ofSeconds(Form.within("ttl_s", body.ttlS(), 1, LONGEST_CODE_S));
  }

  static TokenCreated created(IssuedToken token) {
    TokenInfo info = token.info();
    return new TokenCreated(info.id(), token.text(), Words.role(info.role()), info.orgId());
  }

  static TokenView view(TokenInfo token) {
    return new TokenView(
        token.id(),
        Words.role(token.role()),
        token.orgId(),
        token.name(),
        token.createdAt(),
        token.expiresAt(),
        token.revoked());
  }

  static EnrolmentCode view(Enrolment enrolment) {
    return new EnrolmentCode(enrolment.code(), enrolment.expiresAt());
  }

  static WorkerEnrolled enrolled(IssuedToken token, String name) {
    String workerId = token.info().workerId();
    if (workerId == null) {
      throw new IllegalStateException("an enrolment gave a token of no worker");
    }
    return new WorkerEnrolled(workerId, name, token.text());
  }

  /** The value, or the refusal that says why there is none. */
  static <T> T done(Outcome<T> outcome) {
    if (outcome instanceof Outcome.Done<T> done) {
      return done.value();
    }
    if (outcome instanceof Outcome.Invalid<T> invalid) {
      throw Refusal.invalid(invalid.field(), invalid.problem(), invalid.action());
    }
    if (outcome instanceof Outcome.Conflict<T> conflict) {
      throw Refusal.of(409, "conflict", conflict.problem(), conflict.action());
    }
    throw new IllegalStateException("unknown outcome " + outcome);
  }
}
