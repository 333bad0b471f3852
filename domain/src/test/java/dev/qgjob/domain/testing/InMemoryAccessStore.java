package dev.qgjob.domain.testing;

import dev.qgjob.domain.access.AccessStore;
import dev.qgjob.domain.access.AuditEntry;
import dev.qgjob.domain.access.Org;
import dev.qgjob.domain.access.TokenInfo;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of orgs, tokens and codes. */
public final class InMemoryAccessStore implements AccessStore {
  private final Map<String, Resource> resources = new java.util.TreeMap<>();
  private final InstantSource clock;
  private final Map<String, Org> orgs = new TreeMap<>();
  private final Map<String, TokenInfo> tokens = new LinkedHashMap<>();
  private final Map<String, String> idsByHash = new LinkedHashMap<>();
  private final Map<String, Code> codes = new LinkedHashMap<>();
  private final Map<String, NamedWorker> workers = new LinkedHashMap<>();
  private final Map<Target, Integer> caps = new EnumMap<>(Target.class);
  private final List<AuditEntry> audit = new ArrayList<>();
  private long ids;

  public InMemoryAccessStore(InstantSource clock) {
    this.clock = clock;
  }

  /** What was noted, oldest first. */
  public List<AuditEntry> audit() {
    return List.copyOf(audit);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public String newId(String prefix) {
    return String.format("%s_%08d", prefix, ++ids);
  }

  @Override
  public boolean addOrg(Org org) {
    return orgs.putIfAbsent(org.id(), org) == null;
  }

  @Override
  public Optional<Org> org(String orgId) {
    return Optional.ofNullable(orgs.get(orgId));
  }

  @Override
  public List<Org> orgs() {
    return List.copyOf(orgs.values());
  }

  @Override
  public void saveShare(Org org) {
    orgs.replace(org.id(), org);
  }

  @Override
  public Map<Target, Integer> caps() {
    return Map.copyOf(caps);
  }

  @Override
  public void saveCap(Target target, @Nullable Integer cap) {
    if (cap == null) {
      caps.remove(target);
    } else {
      caps.put(target, cap);
    }
  }

  @Override
  public List<Resource> resources(String orgId) {
    return resources.values().stream().filter(r -> r.orgId().equals(orgId)).toList();
  }

  @Override
  public void saveResource(Resource resource) {
    resources.put(resource.key(), resource);
  }

  @Override
  public boolean removeResource(String orgId, String name) {
    return resources.remove(Resource.key(orgId, name)) != null;
  }

  @Override
  public boolean addToken(TokenInfo token, String hash) {
    if (tokens.putIfAbsent(token.id(), token) != null) {
      return false;
    }
    idsByHash.put(hash, token.id());
    return true;
  }

  @Override
  public Optional<TokenInfo> liveToken(String hash) {
    return Optional.ofNullable(idsByHash.get(hash))
        .map(tokens::get)
        .filter(t -> !t.revoked())
        .filter(t -> t.expiresAt() == null || t.expiresAt().isAfter(now()));
  }

  @Override
  public Optional<LiveToken> liveTokenOf(String tokenId) {
    return idsByHash.entrySet().stream()
        .filter(entry -> entry.getValue().equals(tokenId))
        .findFirst()
        .flatMap(entry -> liveToken(entry.getKey()).map(t -> new LiveToken(t, entry.getKey())));
  }

  @Override
  public List<TokenInfo> tokensOf(String orgId) {
    return tokens.values().stream().filter(t -> orgId.equals(t.orgId())).toList();
  }

  @Override
  public boolean revoke(String tokenId) {
    return tokens.computeIfPresent(tokenId, (id, t) -> revoked(t)) != null;
  }

  private static TokenInfo revoked(TokenInfo t) {
    return new TokenInfo(
        t.id(), t.role(), t.orgId(), t.workerId(), t.name(), t.createdAt(), t.expiresAt(), true);
  }

  @Override
  public void addCode(String hash, Instant expiresAt, boolean untrusted) {
    codes.put(hash, new Code(expiresAt, untrusted));
  }

  @Override
  public Optional<Boolean> useCode(String hash) {
    return Optional.ofNullable(codes.remove(hash))
        .filter(code -> code.expiresAt().isAfter(now()))
        .map(Code::untrusted);
  }

  private record Code(Instant expiresAt, boolean untrusted) {}

  @Override
  public NamedWorker workerNamed(String name, boolean untrusted) {
    return workers.computeIfAbsent(name, n -> new NamedWorker(newId("wrk"), untrusted));
  }

  @Override
  public void audit(AuditEntry entry) {
    audit.add(entry);
  }
}
