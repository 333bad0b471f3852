package dev.qgjob.lab.faults;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.History;
import dev.qgjob.lab.faults.history.Phase;
import dev.qgjob.lab.faults.link.ApiLink;
import dev.qgjob.lab.faults.link.CallLog;
import dev.qgjob.lab.faults.link.Losses;
import dev.qgjob.lab.faults.plan.Plan;
import dev.qgjob.lab.faults.plan.Shipment;
import dev.qgjob.lab.faults.site.Site;
import dev.qgjob.lab.stack.Orgs;
import dev.qgjob.lab.stub.StubProject;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.RunSubmission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The submitters. Each submission is sent until it is answered, under one key; one that gives up is
 * sent once, and its answer gets lost.
 */
final class Load implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration IMPATIENT = Duration.ofMillis(700);
  private static final Duration MOST = Duration.ofMinutes(3);

  /** One org's clients. */
  private record Org(ApiClient patient, ApiClient impatient, StubProject project) {}

  private final Plan plan;
  private final History history;
  private final ApiLink patient;
  private final ApiLink impatient;
  private final List<Org> orgs = new ArrayList<>();
  private final Map<String, Integer> open = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);

  Load(Plan plan, Site site, Path folder, History history) throws IOException {
    this.plan = plan;
    this.history = history;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    CallLog nobody = new CallLog("submitter", history);
    this.patient = ApiLink.open("submitters", loopback, () -> site.apis(0), nobody);
    this.impatient = ApiLink.open("impatient", loopback, () -> site.apis(1), nobody);
    for (int i = 0; i < Plan.ORGS; i++) {
      orgs.add(org(site.admin(), "org-" + (i + 1), folder));
    }
  }

  private Org org(ApiClient admin, String id, Path folder) throws IOException {
    String token = Orgs.create(admin, id);
    ApiClient client = client(patient, token, REQUEST);
    return new Org(
        client,
        client(impatient, token, IMPATIENT),
        StubProject.upload(client, "dev.qgjob." + id.replace('-', '_'), folder));
  }

  private static ApiClient client(ApiLink link, String token, Duration timeout) {
    return new ApiClient(URI.create("http://127.0.0.1:" + link.port()), token, timeout);
  }

  /** Sends everything at its time, and returns when all is answered. */
  void send() throws InterruptedException {
    long began = System.nanoTime();
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < plan.shipments().size(); i++) {
      Shipment shipment = plan.shipments().get(i);
      String key = "key-" + plan.seed() + "-" + i;
      TimeUnit.NANOSECONDS.sleep(began + shipment.at().toNanos() - System.nanoTime());
      sent.add(threads.submit(() -> send(shipment, key)));
    }
    for (Future<?> one : sent) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a submission broke: " + e.getCause(), e.getCause());
      }
    }
  }

  private void send(Shipment shipment, String key) {
    Org org = orgs.get(shipment.org());
    RunSubmission body =
        org.project().run("v" + shipment.version(), shipment.tests(), shipment.timeoutS());
    if (shipment.givesUp()) {
      giveUp(org, body, key);
      return;
    }
    String run = until(org, body, key);
    open.put(run, shipment.org());
    if (shipment.repeats()) {
      until(org, body, key);
    }
  }

  /** One at a time: the loss is ordered for this very answer. */
  private synchronized void giveUp(Org org, RunSubmission body, String key) {
    impatient.losses().lose(Losses.Answer.ACCEPTED, Losses.How.SILENCE);
    try {
      once(org.impatient(), body, key);
    } catch (ApiProblem | Unreachable e) {
      // nobody waits for it
    } finally {
      impatient.losses().forget(Losses.Answer.ACCEPTED);
    }
  }

  private String until(Org org, RunSubmission body, String key) {
    long end = System.nanoTime() + MOST.toNanos();
    while (true) {
      try {
        return once(org.patient(), body, key);
      } catch (ApiProblem e) {
        if (!e.passing() && e.status() != 404) {
          throw e;
        }
        pause(end, e);
      } catch (Unreachable e) {
        pause(end, e);
      }
    }
  }

  private static void pause(long end, RuntimeException why) {
    if (System.nanoTime() > end) {
      throw why;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw why;
    }
  }

  private String once(ApiClient client, RunSubmission body, String key) {
    int jobs = body.tests().size();
    tell(Phase.INVOKE, key, jobs, null, "");
    try {
      RunView run = client.post("/runs", body, RunView.class, Map.of(Paths.IDEMPOTENCY_KEY, key));
      tell(Phase.OK, key, jobs, run.runId(), "");
      return run.runId();
    } catch (ApiProblem e) {
      boolean nothing = e.status() < 500 || e.status() == 503;
      tell(nothing ? Phase.FAIL : Phase.INFO, key, jobs, null, String.valueOf(e.getMessage()));
      throw e;
    } catch (Unreachable e) {
      tell(Phase.INFO, key, jobs, null, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void tell(
      Phase phase,
      String key,
      int jobs,
      @org.jspecify.annotations.Nullable String run,
      String why) {
    history.add(new Event.Submit(history.time().now(), phase, key, jobs, run, why));
  }

  /**
   * Waits until every accepted run has its verdict.
   *
   * @return how many have none after that time
   */
  int awaitVerdicts(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!open.isEmpty() && System.nanoTime() < end) {
      for (Map.Entry<String, Integer> one : open.entrySet()) {
        try {
          RunView run =
              orgs.get(one.getValue()).patient().get("/runs/" + one.getKey(), RunView.class);
          if (run.state() != JobState.QUEUED && run.state() != JobState.RUNNING) {
            open.remove(one.getKey());
          }
        } catch (ApiProblem | Unreachable e) {
          break; // whoever does not answer now will
        }
      }
      TimeUnit.MILLISECONDS.sleep(open.isEmpty() ? 0 : 300);
    }
    return open.size();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    patient.close();
    impatient.close();
  }
}
