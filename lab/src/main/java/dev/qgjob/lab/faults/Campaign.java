package dev.qgjob.lab.faults;

import dev.qgjob.client.Json;
import dev.qgjob.lab.faults.check.Checker;
import dev.qgjob.lab.faults.check.Rows;
import dev.qgjob.lab.faults.check.RowsReader;
import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.History;
import dev.qgjob.lab.faults.history.Phase;
import dev.qgjob.lab.faults.plan.Kind;
import dev.qgjob.lab.faults.plan.Plan;
import dev.qgjob.lab.faults.plan.Strike;
import dev.qgjob.lab.faults.site.Choice;
import dev.qgjob.lab.faults.site.Crew;
import dev.qgjob.lab.faults.site.Hand;
import dev.qgjob.lab.faults.site.Remains;
import dev.qgjob.lab.faults.site.Site;
import dev.qgjob.lab.faults.site.WrongClock;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.FreePort;
import dev.qgjob.lab.stub.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run of the matrix, from the start of all parts to the last look into the database. */
final class Campaign {
  private static final Duration VERDICTS = Duration.ofMinutes(4);
  private static final Duration CLOCK_IS_OFF = Duration.ofMinutes(5);

  /**
   * The parts that it is run on.
   *
   * @param distribution the servers'
   * @param serverEnvironment added to the servers' environment
   * @param workerClasses go before the workers' own classes
   */
  record Parts(
      Distribution distribution, Map<String, String> serverEnvironment, List<Path> workerClasses) {
    static Parts asBuilt(Distribution distribution) {
      return new Parts(distribution, Map.of(), List.of());
    }
  }

  private final Parts parts;
  private final Choice choice;
  private final Plan plan;
  private final Path folder;
  private final Consumer<String> say;

  /**
   * @param folder for everything that the run leaves; empty
   * @param say hears how it goes
   */
  Campaign(Parts parts, Choice choice, Plan plan, Path folder, Consumer<String> say) {
    this.parts = parts;
    this.choice = choice;
    this.plan = plan;
    this.folder = folder;
    this.say = say;
  }

  /** Runs it and checks what came of it. */
  Checker run() throws Exception {
    Path file = folder.resolve("history.jsonl");
    Rows rows;
    try (History history = new History(file)) {
      rows = happen(history);
    }
    List<Event> events = History.read(file);
    say.accept(events.size() + " lines of history are in " + file);
    return new Checker(choice.lease(), events, rows);
  }

  private Rows happen(History history) throws Exception {
    int linkPort = FreePort.next();
    say.accept("starting " + choice.told() + ", " + choice.servers() + " server(s)");
    try (Site site =
        new Site(parts.distribution(), folder, choice, linkPort, parts.serverEnvironment())) {
      Thread onInterrupt = new Thread(site::close);
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      List<Hand> hands;
      try (Crew crew =
              new Crew(site, folder, linkPort, history, clock(history), parts.workerClasses());
          Load load = new Load(plan, site, folder, history)) {
        hands = crew.hands();
        crew.start(site.admin());
        say.accept(crew.slots() + " slots are live: jobs and faults begin");
        play(site, crew, load, history);
        int open = load.awaitVerdicts(VERDICTS);
        say.accept(open == 0 ? "every run has its verdict" : open + " runs have no verdict");
        crew.end();
        leftBehind(site, hands, history);
      }
      site.stopServers();
      journals(hands, history);
      Rows rows = rows(site);
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
      return rows;
    }
  }

  private static Rows rows(Site site) throws SQLException {
    try (Connection connection = site.connect()) {
      return RowsReader.read(connection);
    }
  }

  /** The first worker's clock is wrong for the whole run. */
  private WrongClock clock(History history) {
    return WrongClock.off(CLOCK_IS_OFF)
        .map(
            clock -> {
              history.add(
                  new Event.Fault(
                      history.time().now(),
                      Phase.INVOKE,
                      0,
                      Kind.WORKER_CLOCK.label(),
                      "stub-1",
                      ""));
              return clock;
            })
        .orElseGet(
            () -> {
              say.accept("NOT DONE: a worker's wrong clock, for want of libfaketime");
              return WrongClock.right();
            });
  }

  private void play(Site site, Crew crew, Load load, History history) throws Exception {
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "faults");
              thread.setDaemon(true);
              return thread;
            });
    Strikes strikes = new Strikes(site, crew, history, say);
    try {
      List<Future<?>> all = new ArrayList<>();
      all.add(
          threads.submit(
              () -> {
                load.send();
                return null;
              }));
      all.add(
          threads.submit(
              () -> {
                for (Strike strike : plan.infrastructure()) {
                  strikes.strike(strike);
                  TimeUnit.NANOSECONDS.sleep(strike.pause().toNanos());
                }
                return null;
              }));
      for (Strike strike : plan.crew()) {
        all.add(
            threads.submit(
                () -> {
                  strikes.strike(strike);
                  return null;
                }));
        TimeUnit.NANOSECONDS.sleep(strike.pause().toNanos());
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
  }

  private void leftBehind(Site site, List<Hand> hands, History history) throws Exception {
    long end = System.nanoTime() + choice.lease().multipliedBy(2).toNanos();
    long queues = Remains.queues(site, hands);
    long children = Remains.children(folder);
    while (queues + children > 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
      queues = Remains.queues(site, hands);
      children = Remains.children(folder);
    }
    left(history, "worker queues of ended workers", queues);
    left(history, "orphaned child processes", children);
  }

  private static void left(History history, String what, long count) {
    history.add(new Event.Left(history.time().now(), Phase.OK, what, count));
  }

  private static void journals(List<Hand> hands, History history) throws IOException {
    for (Hand hand : hands) {
      if (!Files.exists(hand.journal())) {
        continue;
      }
      for (String line : Files.readAllLines(hand.journal())) {
        Journal.Line one = Json.mapper().readValue(line, Journal.Line.class);
        Phase phase =
            switch (one.what()) {
              case START -> Phase.INVOKE;
              case END -> Phase.OK;
              case STOPPED -> Phase.FAIL;
            };
        history.add(
            new Event.Run(
                history.time().at(one.mono()),
                phase,
                one.worker(),
                one.pid(),
                one.jobId(),
                one.attempt(),
                one.testPath()));
      }
    }
  }
}
