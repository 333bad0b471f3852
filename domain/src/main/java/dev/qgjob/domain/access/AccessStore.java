package dev.qgjob.domain.access;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Outbound: orgs, tokens and codes; of secrets the hashes only. Calls run in one transaction. */
public interface AccessStore {
  /** The store's clock. */
  Instant now();

  /** A new id: time-ordered, unique in the installation. */
  String newId(String prefix);

  /** False if the id is taken; nothing is written then. */
  boolean addOrg(Org org);

  Optional<Org> org(String orgId);

  /** By id. */
  List<Org> orgs();

  /** Writes the weight, cap and minutes of an org that is there. */
  void saveShare(Org org);

  /** How many jobs may run at once on a target, where there is a limit. */
  Map<Target, Integer> caps();

  /** Limits a target, or not if null. */
  void saveCap(Target target, @Nullable Integer cap);

  /** An org's scarce resources, by name. */
  List<Resource> resources(String orgId);

  /** Adds the resource, or sets how many there are. */
  void saveResource(Resource resource);

  /** False if there is none. */
  boolean removeResource(String orgId, String name);

  /** False if the id is taken; nothing is written then. */
  boolean addToken(TokenInfo token, String hash);

  /** The token of this hash unless it was revoked or has expired by the store's clock. */
  Optional<TokenInfo> liveToken(String hash);

  /** The same by id, with its hash. */
  Optional<LiveToken> liveTokenOf(String tokenId);

  /** A token that counts now. */
  record LiveToken(TokenInfo token, String hash) {}

  /** Tokens of an org, oldest first, revoked ones too. */
  List<TokenInfo> tokensOf(String orgId);

  /** Revokes a token; false if there is none. One that was revoked before stays so. */
  boolean revoke(String tokenId);

  /** Keeps a code; {@code untrusted}: of a worker for strangers. */
  void addCode(String hash, Instant expiresAt, boolean untrusted);

  /**
   * Uses a code up: present for the first caller while it has not expired, and never again.
   *
   * @return whether it is of a worker for strangers
   */
  Optional<Boolean> useCode(String hash);

  /** The worker of this name, which is made, not yet registered, where there is none. */
  NamedWorker workerNamed(String name, boolean untrusted);

  /** A worker, and whether it is one for strangers, which it stays. */
  record NamedWorker(String id, boolean untrusted) {}

  void audit(AuditEntry entry);
}
