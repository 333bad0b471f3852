package dev.qgjob.scheduler.access;

import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.AccessDesk;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Enrolment;
import dev.qgjob.domain.access.IssuedToken;
import dev.qgjob.domain.access.Org;
import dev.qgjob.domain.access.Outcome;
import dev.qgjob.domain.access.PageLink;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.access.TokenInfo;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.scheduler.database.InTransaction;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The access desk over the database. */
@Stateless
@Local(Access.class)
@TransactionManagement(TransactionManagementType.BEAN)
@Interceptors(InTransaction.class)
@SuppressWarnings("NullAway.Init")
public class AccessBean implements Access {
  private static final System.Logger LOG = System.getLogger(AccessBean.class.getName());

  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  private Access desk;

  @PostConstruct
  void start() {
    desk = new AccessDesk(new JpaAccessStore(entities), new RandomSecrets());
  }

  @Override
  public Optional<Caller> authenticate(String token) {
    return desk.authenticate(token);
  }

  @Override
  public boolean lives(Caller caller) {
    return desk.lives(caller);
  }

  @Override
  public PageLink link(Caller caller, String runId, Duration validFor) {
    return desk.link(caller, runId, validFor);
  }

  @Override
  public Optional<Caller> open(PageLink link) {
    return desk.open(link);
  }

  @Override
  public Optional<IssuedToken> bootstrap() {
    return desk.bootstrap();
  }

  @Override
  public Outcome<Org> createOrg(Caller caller, String orgId, @Nullable String name) {
    return desk.createOrg(caller, orgId, name);
  }

  @Override
  public List<Org> orgs() {
    return desk.orgs();
  }

  @Override
  public Outcome<Org> setShare(Caller caller, String orgId, ShareChange change) {
    return desk.setShare(caller, orgId, change);
  }

  @Override
  public Map<Target, Integer> caps() {
    return desk.caps();
  }

  @Override
  public Outcome<Map<Target, Integer>> setCap(Caller caller, Target target, @Nullable Integer cap) {
    return desk.setCap(caller, target, cap);
  }

  @Override
  public List<Resource> resources(String orgId) {
    return desk.resources(orgId);
  }

  @Override
  public Outcome<List<Resource>> setResource(Caller caller, String orgId, String name, int count) {
    return desk.setResource(caller, orgId, name, count);
  }

  @Override
  public boolean removeResource(Caller caller, String orgId, String name) {
    return desk.removeResource(caller, orgId, name);
  }

  @Override
  public Outcome<IssuedToken> createToken(
      Caller caller, String orgId, Role role, @Nullable String name, @Nullable Duration validFor) {
    return desk.createToken(caller, orgId, role, name, validFor);
  }

  @Override
  public List<TokenInfo> tokens(String orgId) {
    return desk.tokens(orgId);
  }

  @Override
  public boolean revoke(Caller caller, String tokenId) {
    return desk.revoke(caller, tokenId);
  }

  @Override
  public Enrolment createEnrolment(Caller caller, Duration validFor, boolean untrusted) {
    return desk.createEnrolment(caller, validFor, untrusted);
  }

  @Override
  public void noteRejected(Caller worker, String queue, String reason, @Nullable String excerpt) {
    LOG.log(
        System.Logger.Level.WARNING,
        "worker {0} dropped a message from {1} that it could not read: {2}",
        worker.workerId(),
        queue,
        reason);
    desk.noteRejected(worker, queue, reason, excerpt);
  }

  @Override
  public Outcome<IssuedToken> enrol(String code, String workerName) {
    return desk.enrol(code, workerName);
  }
}
