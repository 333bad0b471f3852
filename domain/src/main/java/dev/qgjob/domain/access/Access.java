package dev.qgjob.domain.access;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Inbound: tokens, orgs, enrolment. Texts of tokens and codes are 256 random bits and kept as
 * SHA-256 only. Every change leaves an audit row. Thread-safe.
 */
public interface Access {
  /** Who this bearer token stands for; empty for unknown, revoked and expired ones. */
  Optional<Caller> authenticate(String token);

  /** Whether the caller's token is neither revoked nor expired by now. */
  boolean lives(Caller caller);

  /**
   * A link to a run's page for whoever gets it; the caller must have checked that it sees the run.
   */
  PageLink link(Caller caller, String runId, Duration validFor);

  /**
   * Who may see the run by this link; empty for forged and expired ones and those of ended tokens.
   */
  Optional<Caller> open(PageLink link);

  /** Makes the installation's first admin token; empty when one was ever made. */
  Optional<IssuedToken> bootstrap();

  Outcome<Org> createOrg(Caller caller, String orgId, @Nullable String name);

  List<Org> orgs();

  /**
   * Sets what an org may use of the slots: its weight, how many of its jobs may run at once on each
   * target, and its minutes of BrowserStack. What is null stays as it is.
   */
  Outcome<Org> setShare(Caller caller, String orgId, ShareChange change);

  /**
   * What is to change of an org's share.
   *
   * @param uncapped takes the cap away; with a cap it is a contradiction
   * @param browserStackMinutes in a calendar month of UTC
   * @param unmetered takes the limit on minutes away; with a number it is a contradiction
   */
  record ShareChange(
      @Nullable Double weight,
      @Nullable Integer cap,
      boolean uncapped,
      @Nullable Integer browserStackMinutes,
      boolean unmetered) {
    /** A change of weight and cap. */
    public ShareChange(@Nullable Double weight, @Nullable Integer cap, boolean uncapped) {
      this(weight, cap, uncapped, null, false);
    }
  }

  /** How many jobs may run at once on each target, all orgs together, where there is a limit. */
  Map<Target, Integer> caps();

  /** Limits a target; null takes the limit away. */
  Outcome<Map<Target, Integer>> setCap(Caller caller, Target target, @Nullable Integer cap);

  /** An org's scarce resources, by name. */
  List<Resource> resources(String orgId);

  /**
   * Says how many jobs of an org may use something at once, on all targets together. What runs goes
   * on where it is fewer than before.
   */
  Outcome<List<Resource>> setResource(Caller caller, String orgId, String name, int count);

  /** Takes a limit away; false if there is none. Jobs that ask for it have no limit then. */
  boolean removeResource(Caller caller, String orgId, String name);

  /**
   * {@code validFor} null: until revoked. Only SUBMITTER, UNTRUSTED and VIEWER belong to an org.
   */
  Outcome<IssuedToken> createToken(
      Caller caller, String orgId, Role role, @Nullable String name, @Nullable Duration validFor);

  List<TokenInfo> tokens(String orgId);

  /** False if there is no such token. */
  boolean revoke(Caller caller, String tokenId);

  /**
   * A code for one worker; {@code untrusted}: its host runs what strangers submit. All its slots
   * are marked then, whatever it says of them, and it reads no blobs but those of its jobs.
   */
  Enrolment createEnrolment(Caller caller, Duration validFor, boolean untrusted);

  /**
   * Notes in the audit that this worker dropped a message that it could not read. Whoever may write
   * to a queue may write anything: it has no other effect.
   */
  void noteRejected(Caller worker, String queue, String reason, @Nullable String excerpt);

  /** Trades a code for a worker's token; a code works once. */
  Outcome<IssuedToken> enrol(String code, String workerName);
}
