package dev.qgjob.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.AccessDesk;
import dev.qgjob.domain.access.AccessStore;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What every {@link AccessStore} promises, and what the desk makes of it. */
public interface AccessStoreContract {
  Caller ADMIN = new Caller("tok_admin", Role.ADMIN, null, null);

  /** Works in one transaction of a store that is fresh and empty at the first call. */
  <T> T access(Function<AccessStore, T> work);

  private <T> T desk(Function<Access, T> work) {
    return access(s -> work.apply(new AccessDesk(s, () -> UUID.randomUUID().toString())));
  }

  private IssuedToken token(Role role) {
    desk(d -> d.createOrg(ADMIN, "acme", "Acme"));
    return done(desk(d -> d.createToken(ADMIN, "acme", role, "ci", null)));
  }

  private static <T> T done(Outcome<T> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<T>) outcome).value();
  }

  private Optional<Caller> authenticate(String text) {
    return desk(d -> d.authenticate(text));
  }

  @Test
  default void thereIsOneBootstrapToken() {
    Optional<IssuedToken> first = desk(Access::bootstrap);
    Optional<IssuedToken> second = desk(Access::bootstrap);
    assertThat(first).isPresent();
    assertThat(second).isEmpty();
    assertThat(authenticate(first.get().text()).map(Caller::role)).contains(Role.ADMIN);
  }

  private boolean lives(Caller caller) {
    return desk(d -> d.lives(caller));
  }

  @Test
  default void aTokenStandsForItsOrgUntilItIsRevoked() {
    IssuedToken token = token(Role.SUBMITTER);
    assertThat(authenticate(token.text()))
        .contains(new Caller(token.info().id(), Role.SUBMITTER, "acme", null));
    assertThat(authenticate(token.text() + "x")).isEmpty();
    Caller caller = authenticate(token.text()).orElseThrow();
    assertThat(lives(caller)).isTrue();
    boolean revoked = desk(d -> d.revoke(ADMIN, token.info().id()));
    boolean again = desk(d -> d.revoke(ADMIN, token.info().id()));
    boolean unknown = desk(d -> d.revoke(ADMIN, "tok_none"));
    assertThat(revoked).isTrue();
    assertThat(again).isTrue();
    assertThat(unknown).isFalse();
    assertThat(authenticate(token.text())).isEmpty();
    assertThat(lives(caller)).isFalse();
    assertThat(desk(d -> d.tokens("acme")).stream().map(TokenInfo::revoked)).containsExactly(true);
  }

  @Test
  default void anExpiredTokenStandsForNobody() {
    desk(d -> d.createOrg(ADMIN, "acme", null));
    Instant past = access(AccessStore::now).minus(Duration.ofSeconds(1));
    TokenInfo info = new TokenInfo("tok_old", Role.VIEWER, "acme", null, null, past, past, false);
    boolean added = access(s -> s.addToken(info, "hash"));
    assertThat(added).isTrue();
    assertThat(access(s -> s.liveToken("hash")).isPresent()).isFalse();
    boolean twice = access(s -> s.addToken(info, "hash-2"));
    assertThat(twice).isFalse();
  }

  @Test
  default void aLinkOpensOneRunUntilItEndsOrItsTokenDoes() {
    done(desk(d -> d.createOrg(ADMIN, "acme", null)));
    IssuedToken token = done(desk(d -> d.createToken(ADMIN, "acme", Role.SUBMITTER, null, null)));
    Caller caller = new Caller(token.info().id(), Role.SUBMITTER, "acme", null);
    PageLink link = desk(d -> d.link(caller, "run_1", Duration.ofHours(1)));

    assertThat(desk(d -> d.open(link)).equals(java.util.Optional.of(caller))).isTrue();
    PageLink other = new PageLink("run_2", link.tokenId(), link.until(), link.signature());
    assertThat(desk(d -> d.open(other)).isEmpty()).isTrue();
    PageLink longer =
        new PageLink("run_1", link.tokenId(), link.until().plusSeconds(60), link.signature());
    assertThat(desk(d -> d.open(longer)).isEmpty()).isTrue();
    PageLink unknown = new PageLink("run_1", "tok_x", link.until(), link.signature());
    assertThat(desk(d -> d.open(unknown)).isEmpty()).isTrue();
    PageLink over = desk(d -> d.link(caller, "run_1", Duration.ofHours(-1)));
    assertThat(desk(d -> d.open(over)).isEmpty()).isTrue();

    boolean revoked = desk(d -> d.revoke(ADMIN, token.info().id()));
    assertThat(revoked).isTrue();
    assertThat(desk(d -> d.open(link)).isEmpty()).isTrue();
  }

  @Test
  default void anOrgIsMadeOnce() {
    Org org = done(desk(d -> d.createOrg(ADMIN, "acme", "Acme")));
    assertThat(desk(Access::orgs).equals(java.util.List.of(org))).isTrue();
    assertThat(desk(d -> d.createOrg(ADMIN, "acme", "Other")) instanceof Outcome.Conflict).isTrue();
    assertThat(desk(d -> d.createOrg(ADMIN, "A/cme", null)) instanceof Outcome.Invalid).isTrue();
  }

  @Test
  default void anOrgHasAWeightAndACap() {
    Org org = done(desk(d -> d.createOrg(ADMIN, "acme", "Acme")));
    assertThat(org.weight()).isEqualTo(1);
    assertThat(org.cap()).isNull();
    Org set = done(desk(d -> d.setShare(ADMIN, "acme", new Access.ShareChange(2.5, 4, false))));
    assertThat(set.weight()).isEqualTo(2.5);
    assertThat(desk(Access::orgs).equals(List.of(set))).isTrue();
    Org metered =
        done(
            desk(
                d ->
                    d.setShare(
                        ADMIN, "acme", new Access.ShareChange(null, null, false, 90, false))));
    assertThat(metered.browserStackMinutes()).isEqualTo(90);
    assertThat(metered.cap()).isEqualTo(4);
    assertThat(desk(Access::orgs).equals(List.of(metered))).isTrue();
    Org unmetered =
        done(
            desk(
                d ->
                    d.setShare(
                        ADMIN, "acme", new Access.ShareChange(null, null, false, null, true))));
    assertThat(unmetered.browserStackMinutes()).isNull();
    assertThat(
            refused(
                d -> d.setShare(ADMIN, "acme", new Access.ShareChange(null, null, false, 1, true))))
        .isTrue();
    assertThat(
            refused(
                d ->
                    d.setShare(
                        ADMIN, "acme", new Access.ShareChange(null, null, false, -1, false))))
        .isTrue();
    Org uncapped =
        done(desk(d -> d.setShare(ADMIN, "acme", new Access.ShareChange(0.0, null, true))));
    assertThat(uncapped.weight()).isZero();
    assertThat(uncapped.cap()).isNull();
    assertThat(refused(d -> d.setShare(ADMIN, "none", new Access.ShareChange(1.0, null, false))))
        .isTrue();
    assertThat(refused(d -> d.setShare(ADMIN, "acme", new Access.ShareChange(-1.0, null, false))))
        .isTrue();
    assertThat(
            refused(
                d -> d.setShare(ADMIN, "acme", new Access.ShareChange(Double.NaN, null, false))))
        .isTrue();
    assertThat(refused(d -> d.setShare(ADMIN, "acme", new Access.ShareChange(null, -1, false))))
        .isTrue();
    assertThat(refused(d -> d.setShare(ADMIN, "acme", new Access.ShareChange(null, 1, true))))
        .isTrue();
    assertThat(desk(Access::orgs).equals(List.of(uncapped))).isTrue();
  }

  private boolean refused(Function<Access, Outcome<Org>> work) {
    return desk(work) instanceof Outcome.Invalid;
  }

  @Test
  default void aTargetHasACap() {
    desk(d -> d.setCap(ADMIN, Target.DEVICE, 3));
    assertThat(desk(Access::caps).equals(Map.of(Target.DEVICE, 3))).isTrue();
    assertThat(desk(d -> d.setCap(ADMIN, Target.DEVICE, -1)) instanceof Outcome.Invalid).isTrue();
    desk(d -> d.setCap(ADMIN, Target.DEVICE, null));
    assertThat(desk(Access::caps).isEmpty()).isTrue();
  }

  @Test
  default void anOrgHasResources() {
    desk(d -> d.createOrg(ADMIN, "acme", null));
    assertThat(desk(d -> d.resources("acme")).isEmpty()).isTrue();
    desk(d -> d.setResource(ADMIN, "acme", "staging-account", 2));
    desk(d -> d.setResource(ADMIN, "acme", "staging-account", 3));
    desk(d -> d.setResource(ADMIN, "acme", "licence", 1));
    assertThat(
            desk(d -> d.resources("acme"))
                .equals(
                    List.of(
                        new Resource("acme", "licence", 1),
                        new Resource("acme", "staging-account", 3))))
        .isTrue();
    assertThat(desk(d -> d.resources("other")).isEmpty()).isTrue();
    assertThat(desk(d -> d.setResource(ADMIN, "none", "x", 1)) instanceof Outcome.Invalid).isTrue();
    assertThat(desk(d -> d.setResource(ADMIN, "acme", "a/b", 1)) instanceof Outcome.Invalid)
        .isTrue();
    assertThat(desk(d -> d.setResource(ADMIN, "acme", "x", 0)) instanceof Outcome.Invalid).isTrue();
    assertThat((boolean) desk(d -> d.removeResource(ADMIN, "acme", "licence"))).isTrue();
    assertThat((boolean) desk(d -> d.removeResource(ADMIN, "acme", "licence"))).isFalse();
  }

  @Test
  default void anOrgsTokenIsForSubmittersAndViewers() {
    token(Role.VIEWER);
    assertThat(
            desk(d -> d.createToken(ADMIN, "acme", Role.ADMIN, null, null))
                instanceof Outcome.Invalid)
        .isTrue();
    assertThat(
            desk(d -> d.createToken(ADMIN, "none", Role.VIEWER, null, null))
                instanceof Outcome.Invalid)
        .isTrue();
  }

  @Test
  default void anOrgHasSubmittersOrStrangersAndNeverBoth() {
    IssuedToken submitter = token(Role.SUBMITTER);
    assertThat(
            desk(d -> d.createToken(ADMIN, "acme", Role.UNTRUSTED, null, null))
                instanceof Outcome.Invalid)
        .isTrue();
    assertThat((boolean) desk(d -> d.revoke(ADMIN, submitter.info().id()))).isTrue();
    assertThat(
            desk(d -> d.createToken(ADMIN, "acme", Role.UNTRUSTED, null, null))
                instanceof Outcome.Invalid)
        .as("what the submitters left is there still")
        .isTrue();
    done(desk(d -> d.createOrg(ADMIN, "forks", null)));
    IssuedToken stranger =
        done(desk(d -> d.createToken(ADMIN, "forks", Role.UNTRUSTED, null, null)));
    assertThat(authenticate(stranger.text()))
        .contains(new Caller(stranger.info().id(), Role.UNTRUSTED, "forks", null));
    assertThat(
            desk(d -> d.createToken(ADMIN, "forks", Role.SUBMITTER, null, null))
                instanceof Outcome.Invalid)
        .isTrue();
    done(desk(d -> d.createToken(ADMIN, "acme", Role.VIEWER, null, null)));
  }

  @Test
  default void aCodeEnrolsOneWorkerOnce() {
    Enrolment code = desk(d -> d.createEnrolment(ADMIN, Duration.ofHours(1), false));
    IssuedToken token = done(desk(d -> d.enrol(code.code(), "shelf-1")));
    Caller worker = authenticate(token.text()).orElseThrow();
    assertThat(worker.role()).isEqualTo(Role.WORKER);
    assertThat(worker.workerId()).startsWith("wrk_");
    assertThat(desk(d -> d.enrol(code.code(), "shelf-2")) instanceof Outcome.Invalid).isTrue();
  }

  @Test
  default void aKnownNameKeepsItsWorker() {
    String first = access(s -> s.workerNamed("shelf-1", false).id());
    String second = access(s -> s.workerNamed("shelf-1", false).id());
    String other = access(s -> s.workerNamed("Shelf-1", false).id());
    assertThat(second).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  private Outcome<IssuedToken> enrolled(String name, boolean untrusted) {
    String code = desk(d -> d.createEnrolment(ADMIN, Duration.ofHours(1), untrusted)).code();
    return desk(d -> d.enrol(code, name));
  }

  @Test
  default void whetherAWorkerIsForStrangersNeverChanges() {
    IssuedToken shelf = done(enrolled("shelf-1", false));
    IssuedToken forks = done(enrolled("forks-1", true));

    assertThat(enrolled("shelf-1", true)).isInstanceOf(Outcome.Invalid.class);
    assertThat(enrolled("forks-1", false)).isInstanceOf(Outcome.Invalid.class);
    assertThat(done(enrolled("shelf-1", false)).info().workerId())
        .isEqualTo(shelf.info().workerId());
    assertThat(done(enrolled("forks-1", true)).info().workerId())
        .isEqualTo(forks.info().workerId());
  }

  @Test
  default void anExpiredCodeIsOfNoUse() {
    access(
        s -> {
          s.addCode("hash", s.now().minusSeconds(1), false);
          return null;
        });
    Optional<Boolean> used = access(s -> s.useCode("hash"));
    assertThat(used.isEmpty()).isTrue();
  }
}
