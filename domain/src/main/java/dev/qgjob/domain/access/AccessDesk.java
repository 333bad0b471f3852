package dev.qgjob.domain.access;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hands out and takes back tokens. Who may ask is checked at the door; here is what is legal. */
public final class AccessDesk implements Access {
  /** Of the first admin token: there is one row of this id, so there is one bootstrap. */
  private static final String BOOTSTRAP_ID = "tok_bootstrap";

  private static final Pattern ORG_ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern WORKER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern RESOURCE_NAME = WORKER_NAME;
  private static final int LONGEST_NAME = 200;
  private static final double MOST_WEIGHT = 1_000_000;

  private final AccessStore store;
  private final Secrets secrets;

  public AccessDesk(AccessStore store, Secrets secrets) {
    this.store = store;
    this.secrets = secrets;
  }

  @Override
  public Optional<Caller> authenticate(String token) {
    return store
        .liveToken(Sha256.hex(token))
        .map(t -> new Caller(t.id(), t.role(), t.orgId(), t.workerId()));
  }

  @Override
  public boolean lives(Caller caller) {
    return store.liveTokenOf(caller.tokenId()).isPresent();
  }

  @Override
  public PageLink link(Caller caller, String runId, Duration validFor) {
    String hash =
        store
            .liveTokenOf(caller.tokenId())
            .orElseThrow(() -> new IllegalStateException("the caller's token ended meanwhile"))
            .hash();
    Instant until = store.now().plus(validFor).truncatedTo(ChronoUnit.SECONDS);
    return new PageLink(runId, caller.tokenId(), until, Signature.of(hash, runId, until));
  }

  @Override
  public Optional<Caller> open(PageLink link) {
    if (!store.now().isBefore(link.until())) {
      return Optional.empty();
    }
    return store
        .liveTokenOf(link.tokenId())
        .filter(
            live ->
                Signature.same(
                    link.signature(), Signature.of(live.hash(), link.runId(), link.until())))
        .map(AccessStore.LiveToken::token)
        .map(t -> new Caller(t.id(), t.role(), t.orgId(), t.workerId()));
  }

  @Override
  public Optional<IssuedToken> bootstrap() {
    return issue(BOOTSTRAP_ID, Role.ADMIN, null, null, "bootstrap", null, null);
  }

  @Override
  public Outcome<Org> createOrg(Caller caller, String orgId, @Nullable String name) {
    if (!ORG_ID.matcher(orgId).matches()) {
      return new Outcome.Invalid<>(
          "id",
          "is not an org's id",
          "use up to 63 lower-case letters, digits, dots, dashes and underscores, a letter or digit"
              + " first");
    }
    if (name != null && name.length() > LONGEST_NAME) {
      return tooLong("name");
    }
    Org org = new Org(orgId, name == null || name.isBlank() ? orgId : name, store.now());
    if (!store.addOrg(org)) {
      return new Outcome.Conflict<>("org " + orgId + " exists already", "choose another id");
    }
    audit(caller, "org.created", orgId, null);
    return new Outcome.Done<>(org);
  }

  private static <T> Outcome<T> tooLong(String field) {
    return new Outcome.Invalid<>(
        field, "is longer than " + LONGEST_NAME + " characters", "choose a shorter one");
  }

  @Override
  public List<Org> orgs() {
    return store.orgs();
  }

  @Override
  public Outcome<Org> setShare(Caller caller, String orgId, ShareChange change) {
    Double weight = change.weight();
    Integer cap = change.cap();
    Integer minutes = change.browserStackMinutes();
    Optional<Org> found = store.org(orgId);
    if (found.isEmpty()) {
      return noOrg(orgId);
    }
    if (weight != null && !(weight >= 0 && weight <= MOST_WEIGHT)) {
      return new Outcome.Invalid<>(
          "weight",
          "is not a weight",
          "give 0 (only what nobody else wants) to " + (int) MOST_WEIGHT);
    }
    if (cap != null && cap < 0) {
      return badCap();
    }
    if (minutes != null && minutes < 0) {
      return new Outcome.Invalid<>(
          "browserstack_minutes",
          "is not a number of minutes",
          "give 0 (nothing runs there) or more, or none");
    }
    if (cap != null && change.uncapped()) {
      return contradiction("cap");
    }
    if (minutes != null && change.unmetered()) {
      return contradiction("browserstack_minutes");
    }
    Org org = found.get();
    Org set =
        new Org(
            org.id(),
            org.name(),
            org.createdAt(),
            weight == null ? org.weight() : weight,
            change.uncapped() ? null : cap == null ? org.cap() : cap,
            change.unmetered() ? null : minutes == null ? org.browserStackMinutes() : minutes);
    store.saveShare(set);
    audit(
        caller,
        "org.share",
        orgId,
        "weight "
            + set.weight()
            + ", cap "
            + set.cap()
            + ", BrowserStack minutes "
            + set.browserStackMinutes());
    return new Outcome.Done<>(set);
  }

  private static <T> Outcome<T> contradiction(String field) {
    return new Outcome.Invalid<>(
        field, "is given, and that there is none as well", "give one of the two");
  }

  private static <T> Outcome<T> noOrg(String orgId) {
    return new Outcome.Invalid<>(
        "org", "there is no org " + orgId, "create it first: qgjob admin org create " + orgId);
  }

  private static <T> Outcome<T> badCap() {
    return new Outcome.Invalid<>(
        "cap", "is not a number of jobs", "give 0 (nothing runs) or more, or none");
  }

  @Override
  public Map<Target, Integer> caps() {
    return store.caps();
  }

  @Override
  public Outcome<Map<Target, Integer>> setCap(Caller caller, Target target, @Nullable Integer cap) {
    if (cap != null && cap < 0) {
      return badCap();
    }
    store.saveCap(target, cap);
    audit(caller, "target.cap", target.name(), "cap " + cap);
    return new Outcome.Done<>(store.caps());
  }

  @Override
  public List<Resource> resources(String orgId) {
    return store.resources(orgId);
  }

  @Override
  public Outcome<List<Resource>> setResource(Caller caller, String orgId, String name, int count) {
    if (store.org(orgId).isEmpty()) {
      return noOrg(orgId);
    }
    if (!RESOURCE_NAME.matcher(name).matches()) {
      return new Outcome.Invalid<>(
          "name",
          "is not a resource's name",
          "use up to 63 letters, digits, dots, dashes and underscores, a letter or digit first");
    }
    if (count < 1) {
      return new Outcome.Invalid<>(
          "count", "is not a number of jobs", "give 1 or more, or remove the resource");
    }
    store.saveResource(new Resource(orgId, name, count));
    audit(caller, "resource.set", Resource.key(orgId, name), "count " + count);
    return new Outcome.Done<>(store.resources(orgId));
  }

  @Override
  public boolean removeResource(Caller caller, String orgId, String name) {
    boolean there = store.removeResource(orgId, name);
    if (there) {
      audit(caller, "resource.removed", Resource.key(orgId, name), null);
    }
    return there;
  }

  @Override
  public Outcome<IssuedToken> createToken(
      Caller caller, String orgId, Role role, @Nullable String name, @Nullable Duration validFor) {
    if (store.org(orgId).isEmpty()) {
      return noOrg(orgId);
    }
    if (role != Role.SUBMITTER && role != Role.UNTRUSTED && role != Role.VIEWER) {
      return new Outcome.Invalid<>(
          "role",
          "a token of an org cannot be " + role.name().toLowerCase(java.util.Locale.ROOT),
          "use submitter, untrusted or viewer; workers enrol with a one-time code");
    }
    if (mixes(orgId, role)) {
      return new Outcome.Invalid<>(
          "role",
          "org "
              + orgId
              + " has tokens for "
              + (role == Role.UNTRUSTED ? "submitters" : "strangers")
              + ", and what strangers submit is kept apart",
          "make another org for "
              + (role == Role.UNTRUSTED ? "strangers" : "submitters")
              + ": qgjob admin org create");
    }
    if (name != null && name.length() > LONGEST_NAME) {
      return tooLong("name");
    }
    if (validFor != null && (validFor.isNegative() || validFor.isZero())) {
      return new Outcome.Invalid<>(
          "valid_for", "is not a time to come", "give a positive duration, or none");
    }
    return new Outcome.Done<>(
        issue(store.newId("tok"), role, orgId, null, name, validFor, caller).orElseThrow());
  }

  /**
   * Jobs of one org share builds, installs and uploads; so one org has submitters or strangers, and
   * never both: nor one after the other, for what came of the first is there still.
   */
  private boolean mixes(String orgId, Role role) {
    @Nullable Role other =
        switch (role) {
          case SUBMITTER -> Role.UNTRUSTED;
          case UNTRUSTED -> Role.SUBMITTER;
          case ADMIN, VIEWER, WORKER -> null;
        };
    return store.tokensOf(orgId).stream().anyMatch(token -> token.role() == other);
  }

  /** Empty where the id is taken, which only happens to a fixed one. */
  private Optional<IssuedToken> issue(
      String id,
      Role role,
      @Nullable String orgId,
      @Nullable String workerId,
      @Nullable String name,
      @Nullable Duration validFor,
      @Nullable Caller by) {
    Instant now = store.now();
    TokenInfo info =
        new TokenInfo(
            id,
            role,
            orgId,
            workerId,
            name,
            now,
            validFor == null ? null : now.plus(validFor),
            false);
    String text = "qgj_" + secrets.next();
    if (!store.addToken(info, Sha256.hex(text))) {
      return Optional.empty();
    }
    audit(by, "token.created", id, role + (orgId == null ? "" : " of " + orgId));
    return Optional.of(new IssuedToken(text, info));
  }

  @Override
  public List<TokenInfo> tokens(String orgId) {
    return store.tokensOf(orgId);
  }

  @Override
  public boolean revoke(Caller caller, String tokenId) {
    boolean there = store.revoke(tokenId);
    if (there) {
      audit(caller, "token.revoked", tokenId, null);
    }
    return there;
  }

  @Override
  public Enrolment createEnrolment(Caller caller, Duration validFor, boolean untrusted) {
    String code = "qge_" + secrets.next();
    Instant expiresAt = store.now().plus(validFor);
    store.addCode(Sha256.hex(code), expiresAt, untrusted);
    audit(
        caller,
        "enrolment.created",
        "until " + expiresAt,
        untrusted ? "for a host of strangers" : null);
    return new Enrolment(code, expiresAt);
  }

  /**
   * A name that is known gets another token of the same worker: its host may have lost its state.
   * Two that use one name at a time are told apart when they register. Whether a worker is for
   * strangers never changes: who holds the token of one must not come by that of another.
   */
  @Override
  public Outcome<IssuedToken> enrol(String code, String workerName) {
    if (!WORKER_NAME.matcher(workerName).matches()) {
      return new Outcome.Invalid<>(
          "name",
          "is not a worker's name",
          "use up to 63 letters, digits, dots, dashes and underscores, a letter or digit first");
    }
    Optional<Boolean> untrusted = store.useCode(Sha256.hex(code));
    if (untrusted.isEmpty()) {
      return new Outcome.Invalid<>(
          "code",
          "is unknown, used or expired",
          "ask an admin for another: qgjob admin enrol-code");
    }
    AccessStore.NamedWorker worker = store.workerNamed(workerName, untrusted.get());
    if (worker.untrusted() != untrusted.get()) {
      return new Outcome.Invalid<>(
          "name",
          "is that of a worker " + (worker.untrusted() ? "for strangers" : "not for strangers"),
          "ask an admin for another code, and enrol under another name");
    }
    IssuedToken token =
        issue(store.newId("tok"), Role.WORKER, null, worker.id(), workerName, null, null)
            .orElseThrow();
    audit(null, "worker.enrolled", worker.id(), workerName);
    return new Outcome.Done<>(token);
  }

  @Override
  public void noteRejected(Caller worker, String queue, String reason, @Nullable String excerpt) {
    audit(
        worker,
        "message.rejected",
        queue,
        "by worker " + worker.workerId() + ": " + reason + (excerpt == null ? "" : ": " + excerpt));
  }

  private void audit(
      @Nullable Caller caller, String action, String subject, @Nullable String detail) {
    store.audit(new AuditEntry(caller == null ? null : caller.tokenId(), action, subject, detail));
  }
}
