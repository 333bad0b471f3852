package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.browserstack.Account;
import dev.qgjob.worker.browserstack.CloudFault;
import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.Parallels;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.NotReady;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A parallel at BrowserStack. */
final class CloudStage implements Stage {
  private static final Logger LOG = LoggerFactory.getLogger(CloudStage.class);

  /** BrowserStack's own limit. */
  private static final int MOST_COMPANIONS = 3;

  private final Assignment like;
  private final Slot slot;
  private final Kit kit;
  private final Path sessions;
  private final Uploads uploads;
  private final Parallels parallels;
  private final Endpoints endpoints;
  private final RunLimits limits;
  private final Optional<Account> account;
  private String url = "";
  private List<String> otherUrls = List.of();
  private int freshUploads;

  CloudStage(
      Assignment like,
      Slot slot,
      Kit kit,
      Path sessions,
      Uploads uploads,
      Parallels parallels,
      Endpoints endpoints,
      RunLimits limits,
      Map<String, String> worker) {
    this.like = like;
    this.slot = slot;
    this.kit = kit;
    this.sessions = sessions;
    this.uploads = uploads;
    this.parallels = parallels;
    this.endpoints = endpoints;
    this.limits = limits;
    // the submitter's own account, else the worker's
    Optional<Account> own = Account.in(like.environment());
    this.account = own.isPresent() ? own : Account.in(worker);
  }

  @Override
  public void prepare() throws NotReady, InterruptedException {
    Account paying =
        account.orElseThrow(
            () ->
                new NotReady(
                    FailureKind.INFRASTRUCTURE,
                    "BrowserStack is not configured on this worker: set BROWSERSTACK_USERNAME and"
                        + " BROWSERSTACK_ACCESS_KEY in its environment"));
    try {
      requireFewCompanions();
      Files.createDirectories(sessions);
      if (like.stock()) {
        return; // stock AppWright uploads by itself
      }
      parallels.await(paying);
      url = upload(kit.app(), paying);
      List<String> companions = new ArrayList<>();
      for (Kit.Piece companion : kit.companions()) {
        companions.add(upload(companion, paying));
      }
      otherUrls = companions;
    } catch (CloudFault e) {
      throw new NotReady(e.kind(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new NotReady(
          FailureKind.INFRASTRUCTURE, "the app cannot be uploaded: " + e.getMessage(), e);
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
    Uploads.Uploaded uploaded = uploads.ensure(piece.app(), piece.file(), paying);
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
    all.put("sessionTimeoutMs", limits.session().toMillis());
    all.put("sessions", sessions.toString());
    all.put("capabilities", otherUrls.isEmpty() ? Map.of() : Map.of("appium:otherApps", otherUrls));
    if (endpoints.standIn()) {
      URI hub = endpoints.hub();
      all.put("cloudApi", endpoints.api().toString());
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
    if (account.isEmpty() || !Files.isDirectory(sessions)) {
      return;
    }
    forgetUnknownApp(account.get());
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(sessions)) {
      for (Path note : notes) {
        String id = note.getFileName().toString();
        Files.deleteIfExists(note);
        if (id.matches("[A-Za-z0-9-]+")) {
          end(http, id, account.get());
        }
      }
    } catch (IOException e) {
      LOG.debug("sessions at BrowserStack end by themselves: {}", e.getMessage());
    }
  }

  private void forgetUnknownApp(Account paying) {
    try {
      if (Files.deleteIfExists(sessions.resolveSibling("unknown-app"))) {
        LOG.warn("{} is at BrowserStack no more and goes up again", url);
        uploads.forget(kit.app().app(), paying);
        for (Kit.Piece companion : kit.companions()) {
          uploads.forget(companion.app(), paying); // it may be one of them
        }
      }
    } catch (IOException e) {
      LOG.warn("the note of an upload could not be removed: {}", e.getMessage());
    }
  }

  /** An open session occupies a parallel that is paid for. */
  private void end(HttpClient http, String id, Account paying)
      throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(endpoints.hub().resolve("/wd/hub/session/" + id))
            .header("Authorization", paying.authorization())
            .timeout(Duration.ofSeconds(10))
            .DELETE()
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }
}
