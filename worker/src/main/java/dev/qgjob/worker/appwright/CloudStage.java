package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.browserstack.Account;
import dev.qgjob.worker.browserstack.CloudFault;
import dev.qgjob.worker.browserstack.OpenSessions;
import dev.qgjob.worker.browserstack.SessionGate;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.NotReady;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A parallel at BrowserStack. */
final class CloudStage implements Stage {
  private static final Logger LOG = LoggerFactory.getLogger(CloudStage.class);

  /** BrowserStack's own limit. */
  private static final int MOST_COMPANIONS = 3;

  private final CloudStages shared;
  private final Assignment like;
  private final Slot slot;
  private final Kit kit;
  private final Path sessions;
  private final Optional<Account> account;
  private String url = "";
  private List<String> otherUrls = List.of();
  private int freshUploads;
  private volatile SessionGate.@Nullable Pass pass;

  CloudStage(CloudStages shared, Assignment like, Slot slot, Kit kit, Path sessions) {
    this.shared = shared;
    this.like = like;
    this.slot = slot;
    this.kit = kit;
    this.sessions = sessions;
    // the submitter's own account, else the worker's
    Optional<Account> own = Account.in(like.variables());
    this.account = own.isPresent() ? own : Account.in(shared.worker());
  }

  /** A half would be put together with the worker's other half. */
  private void requireWholeAccount() throws NotReady {
    Map<String, String> given = like.variables();
    if (Account.in(given).isEmpty()
        && (given.containsKey("BROWSERSTACK_USERNAME")
            || given.containsKey("BROWSERSTACK_ACCESS_KEY"))) {
      throw new NotReady(
          FailureKind.SUBMITTER,
          "the job brings half a BrowserStack account: give both BROWSERSTACK_USERNAME and"
              + " BROWSERSTACK_ACCESS_KEY, or neither for the worker's");
    }
  }

  @Override
  public void prepare() throws NotReady, InterruptedException {
    requireWholeAccount();
    Account paying =
        account.orElseThrow(
            () ->
                new NotReady(
                    FailureKind.INFRASTRUCTURE,
                    "BrowserStack is not configured on this worker: set BROWSERSTACK_USERNAME and"
                        + " BROWSERSTACK_ACCESS_KEY in its environment"));
    boolean ready = false;
    try {
      requireFewCompanions();
      Files.createDirectories(sessions);
      SessionGate.Pass now = shared.gate().open(paying, slot.id());
      pass = now;
      if (like.stock()) {
        now.takeForAll(); // stock AppWright asks nobody, and uploads by itself
        ready = true;
        return;
      }
      url = upload(kit.app(), paying);
      List<String> companions = new ArrayList<>();
      for (Kit.Piece companion : kit.companions()) {
        companions.add(upload(companion, paying));
      }
      otherUrls = companions;
      ready = true;
    } catch (CloudFault e) {
      throw new NotReady(e.kind(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new NotReady(
          FailureKind.INFRASTRUCTURE, "the app cannot be uploaded: " + e.getMessage(), e);
    } finally {
      if (!ready) {
        closePass(); // no process comes of it, and so nobody tidies up
      }
    }
  }

  private void closePass() {
    SessionGate.Pass now = pass;
    if (now != null) {
      now.close();
    }
  }

  private void requireFewCompanions() throws NotReady {
    if (kit.companions().size() > MOST_COMPANIONS) {
      throw new NotReady(
          FailureKind.SUBMITTER,
          "BrowserStack takes at most "
              + MOST_COMPANIONS
              + " apps beside the one under test, and the build has "
              + kit.companions().size()
              + " companions");
    }
    if (like.stock() && !kit.companions().isEmpty()) {
      throw new NotReady(
          FailureKind.SUBMITTER,
          "stock AppWright brings no companions to BrowserStack: leave --stock or them out");
    }
  }

  private String upload(Kit.Piece piece, Account paying) throws IOException, InterruptedException {
    Uploads.Uploaded uploaded = shared.uploads().ensure(piece.app(), piece.file(), paying);
    freshUploads += uploaded.fresh() ? 1 : 0;
    return uploaded.url();
  }

  /** The process is told the upload's address, so that was made before. */
  @Override
  public int install() {
    int made = freshUploads;
    freshUploads = 0;
    return made;
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("slot", name());
    all.put("project", like.projectName());
    all.put("providers", List.of("browserstack"));
    all.put("appPath", kit.app().file().toString());
    all.put("appPackage", like.app().packageName());
    all.put("appUrl", url);
    all.put("keepApp", false);
    all.put("sessionTimeoutMs", shared.limits().session().toMillis());
    all.put("sessions", sessions.toString());
    all.put("capabilities", otherUrls.isEmpty() ? Map.of() : Map.of("appium:otherApps", otherUrls));
    all.put("cloudOptions", shared.options());
    SessionGate.Pass now = pass;
    if (now != null) {
      all.put("gate", now.url());
    }
    if (shared.endpoints().standIn()) {
      URI hub = shared.endpoints().hub();
      all.put("cloudApi", shared.endpoints().api().toString());
      all.put(
          "hub",
          Map.of(
              "protocol", hub.getScheme(),
              "hostname", hub.getHost(),
              "port",
                  hub.getPort() < 0
                      ? (hub.getScheme().equals("https") ? 443 : 80)
                      : hub.getPort()));
    }
    return all;
  }

  @Override
  public Map<String, String> environment() {
    Map<String, String> all = new HashMap<>();
    account.ifPresent(
        paying -> {
          all.put("BROWSERSTACK_USERNAME", paying.user());
          all.put("BROWSERSTACK_ACCESS_KEY", paying.key());
        });
    return all;
  }

  @Override
  public Duration waited() {
    SessionGate.Pass now = pass;
    return now == null ? Duration.ZERO : now.waited();
  }

  @Override
  public boolean present() {
    return true; // each session gets a phone of its own
  }

  @Override
  public String name() {
    return "BrowserStack's parallel " + slot.udid();
  }

  @Override
  public int installsByTests(int executed) {
    return 0; // BrowserStack installs from its own copy; what counts here is the upload
  }

  @Override
  public List<String> notes() {
    return like.stock() ? List.of("stock AppWright: the app was uploaded for this run") : List.of();
  }

  @Override
  public void tidy() throws InterruptedException {
    try {
      if (account.isPresent() && Files.isDirectory(sessions)) {
        forgetUnknownApp(account.get());
        OpenSessions.endAll(sessions, shared.endpoints(), account.get());
      }
    } finally {
      closePass(); // after its sessions, which have the parallel until they are ended
    }
  }

  private void forgetUnknownApp(Account paying) {
    try {
      if (Files.deleteIfExists(sessions.resolveSibling("unknown-app"))) {
        LOG.warn("{} is at BrowserStack no more and goes up again", url);
        shared.uploads().forget(kit.app().app(), paying);
        for (Kit.Piece companion : kit.companions()) {
          shared.uploads().forget(companion.app(), paying); // it may be one of them
        }
      }
    } catch (IOException e) {
      LOG.warn("the note of an upload could not be removed: {}", e.getMessage());
    }
  }
}
