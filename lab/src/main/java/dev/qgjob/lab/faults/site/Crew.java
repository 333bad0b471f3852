package dev.qgjob.lab.faults.site;

import dev.qgjob.client.ApiClient;
import dev.qgjob.lab.faults.history.History;
import dev.qgjob.lab.faults.link.ApiLink;
import dev.qgjob.lab.faults.link.CallLog;
import dev.qgjob.lab.faults.link.RawLink;
import dev.qgjob.lab.stack.StubWorkerPart;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.fleet.SlotList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** All stub workers. */
public final class Crew implements AutoCloseable {
  private static final Duration MOST = Duration.ofMinutes(3);

  private final List<Hand> hands = new ArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "crew");
            thread.setDaemon(true);
            return thread;
          });
  private final int slots;

  /**
   * Slots and jobs a claim differ from worker to worker.
   *
   * @param clock the first worker's
   * @param classesFirst go before the workers' own classes
   */
  public Crew(
      Site site,
      Path folder,
      int linkPort,
      History history,
      WrongClock clock,
      List<Path> classesFirst)
      throws IOException {
    int total = 0;
    for (int i = 0; i < site.choice().workers(); i++) {
      int index = i;
      String name = "stub-" + (i + 1);
      Path own = Files.createDirectories(folder.resolve(name));
      InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (i + 1)});
      CallLog calls = new CallLog(name, history);
      ApiLink api =
          ApiLink.open(name, InetAddress.getLoopbackAddress(), () -> site.apis(index), calls);
      RawLink broker = RawLink.open(name, address, linkPort, site::broker);
      int slotsOfThis = 2 + i % 2;
      StubWorkerPart.Plan plan =
          new StubWorkerPart.Plan(
              URI.create("http://127.0.0.1:" + api.port()),
              enrolmentCode(site.admin()),
              name,
              own,
              slotsOfThis,
              batch(i),
              i == 0 ? clock.environment() : Map.of(),
              List.of("-Djdk.net.hosts.file=" + hosts(own, address)),
              classesFirst);
      hands.add(new Hand(plan, api, broker, calls, history, threads));
      total += slotsOfThis;
    }
    slots = total;
  }

  private static int batch(int index) {
    return new int[] {16, 1, 4}[index % 3];
  }

  private static String enrolmentCode(ApiClient admin) {
    return admin.post("/enrolments", new CreateEnrolment(null), EnrolmentCode.class).code();
  }

  /** Under the one name that servers tell all workers, each finds its own link. */
  private static Path hosts(Path folder, InetAddress address) throws IOException {
    return Files.writeString(
        folder.resolve("hosts"),
        address.getHostAddress()
            + " "
            + Site.BROKER_HOST
            + "\n127.0.0.1 localhost "
            + InetAddress.getLocalHost().getHostName()
            + "\n");
  }

  /** Starts all, and returns when all their slots are live. */
  public void start(ApiClient admin) throws InterruptedException {
    hands.forEach(Hand::start);
    long end = System.nanoTime() + MOST.toNanos();
    while (live(admin) < slots) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            live(admin) + " of " + slots + " slots are live after " + MOST.toSeconds() + " s");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static long live(ApiClient admin) {
    return admin.get("/slots", SlotList.class).slots().stream()
        .filter(slot -> !slot.state().equals("away"))
        .count();
  }

  /** The workers. */
  public List<Hand> hands() {
    return List.copyOf(hands);
  }

  /** How many jobs run at once. */
  public int slots() {
    return slots;
  }

  /** Lets all end in good order; returns when they have. */
  public void end() {
    each(Hand::end);
  }

  @Override
  public void close() {
    each(Hand::close);
    threads.shutdownNow();
  }

  private void each(java.util.function.Consumer<Hand> work) {
    List<java.util.concurrent.Future<?>> ends = new ArrayList<>();
    hands.forEach(hand -> ends.add(threads.submit(() -> work.accept(hand))));
    for (java.util.concurrent.Future<?> end : ends) {
      try {
        end.get(60, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        System.err.println("while ending a worker: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
