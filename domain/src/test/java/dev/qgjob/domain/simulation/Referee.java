package dev.qgjob.domain.simulation;

import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.simulation.Database.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps its own book of what was committed, and throws a {@link Violation} at the first promise
 * that was not kept. It believes the true clock only.
 */
final class Referee {
  /** One job's page. */
  private static final class Page {
    final Set<Long> started = new HashSet<>(4);
    final Set<Integer> results = new HashSet<>(4);
    final Set<Long> resultsOfGenerations = new HashSet<>(4);
    final List<String> breaks = new ArrayList<>(2);
    final boolean kills;
    @Nullable Lease lease;
    long generation;
    long until;
    long leaseEnded;
    boolean cancelled;

    Page(boolean kills) {
      this.kills = kills;
    }
  }

  private final Simulation world;
  private final Map<String, Page> pages = new LinkedHashMap<>();
  private final Map<String, String> runsByKey = new HashMap<>();
  private final Map<String, String> proofs = new HashMap<>();
  private final Map<Fleet.StateProof, Long> starts = new HashMap<>();
  private final Map<String, String> deaths = new HashMap<>();
  private boolean disturbed;
  private long serverSince;

  Referee(Simulation world) {
    this.world = world;
  }

  // ---- what the world tells

  /** Something happened for which a message or a lease may be lost. */
  void disturbed() {
    disturbed = true;
  }

  /** From now on a server and the database are there. */
  void served() {
    serverSince = world.agenda().now();
  }

  void registered(String workerId, long incarnation, Fleet.StateProof proof) {
    proofs.put(workerId + "/" + incarnation, proof.secret());
    Long first = starts.putIfAbsent(proof, incarnation);
    if (first != null && first != incarnation) {
      throw new Violation(
          workerId + " began starts " + first + " and " + incarnation + " by one registration");
    }
  }

  /** A process ended under this incarnation; the cause is a poison job's id or the weather. */
  void died(String workerId, long incarnation, String cause) {
    deaths.put(workerId + "/" + incarnation, cause);
  }

  void cancelAnswered(String jobId, JobState state) {
    if (state == JobState.CANCELLED) {
      page(jobId).cancelled = true;
    }
  }

  void submitAnswered(String key, String runId) {
    String known = runsByKey.get(key);
    if (!runId.equals(known)) {
      throw new Violation("key " + key + " stands for " + known + " and was answered " + runId);
    }
  }

  // ---- what was committed

  void accepted(Run run, @Nullable String key, List<Job> queued) {
    if (key != null && runsByKey.putIfAbsent(key, run.id()) != null) {
      throw new Violation("key " + key + " made a second run");
    }
    for (Job job : queued) {
      pages.put(job.id(), new Page(world.plan().of(job.testPath()).kills()));
    }
  }

  void moved(Job was, Job is) {
    Page page = page(is.id());
    Transaction by = Objects.requireNonNull(world.database().current());
    if (world.trace().on()) {
      world.trace().say(by.server.name(), by.kind + ": " + told(was) + " -> " + told(is));
    }
    if (was.state().isVerdict()) {
      throw new Violation(is.id() + " had its verdict " + was.state() + " and moved");
    }
    if (is.generation() < was.generation() || is.attempt() < was.attempt()) {
      throw new Violation(is.id() + " went back: " + told(was) + " -> " + told(is));
    }
    Lease held = is.lease();
    if (page.lease != null && (held == null || !held.token().equals(page.lease.token()))) {
      ended(page, was, is, by);
    } else if (was.state() == JobState.QUEUED && is.state() == JobState.QUEUED) {
      sentAgain(is, by);
    }
    if (held != null && page.lease == null) {
      started(page, is, held);
    }

    if (is.brokenAttempts() < was.brokenAttempts()) {
      acquitted(page, is);
    }
    if (is.state() == JobState.ERROR && !page.kills) {
      innocent(page, is);
    }
    if (is.state() == JobState.ERROR && page.kills && is.message() != null) {
      if (is.attempt() > JobMachine.MOST_BROKEN_ATTEMPTS
          && is.brokenAttempts() > JobMachine.MOST_BROKEN_ATTEMPTS) {
        throw new Violation(is.id() + " kills its workers and had " + is.attempt() + " attempts");
      }
    }
  }

  private void started(Page page, Job job, Lease held) {
    if (!page.started.add(job.generation())) {
      throw new Violation(job.id() + " started twice under generation " + job.generation());
    }
    page.lease = held;
    page.generation = job.generation();
    page.until = Agenda.millis(held.until());

    if (page.until > world.agenda().now() + world.plan().lease) {
      throw new Violation(job.id() + " was leased for longer than a lease");
    }
  }

  private void ended(Page page, Job was, Job is, Transaction by) {
    long now = world.agenda().now();
    Lease lease = Objects.requireNonNull(page.lease);
    String what = is.id() + " generation " + page.generation;
    switch (by.kind) {
      case FINISH -> {
        if (page.until <= now) {
          throw new Violation(what + ": a result counted under a lease that had run out");
        }
        if (is.generation() == was.generation() && was.generation() != page.generation) {
          throw new Violation(what + ": a result of another generation counted");
        }
      }
      case SWEEP -> {
        if (page.until > now) {
          throw new Violation(what + ": swept while its lease lives");
        }
        if (!disturbed) {
          throw new Violation(what + ": its lease was lost though nothing had happened");
        }
        long overdue = now - Math.max(page.until, serverSince);
        if (overdue > world.plan().lease / 2) {
          throw new Violation(what + ": its lease had run out " + overdue + " ms before the sweep");
        }
      }
      case REGISTER, LEAVE -> {
        if (!lease.workerId().equals(by.worker)) {
          throw new Violation(what + ": ended by " + by.worker + ", which does not hold it");
        }
        String proof = proofs.get(by.worker + "/" + lease.incarnation());
        boolean stranger = by.kind == Database.Kind.REGISTER && !Objects.equals(proof, by.proof());
        if (stranger && page.until > now) {
          throw new Violation(what + ": ended by a stranger under the name of its worker");
        }
      }
      case CANCEL -> {}
      case CLAIM, BEAT, TICK, SUBMIT ->
          throw new Violation(what + ": " + by.kind + " took its lease");
    }
    if (is.brokenAttempts() > was.brokenAttempts() && by.kind != Database.Kind.FINISH) {
      broke(page, lease);
    } else if (is.brokenAttempts() > was.brokenAttempts()) {
      page.breaks.add("reported");
    }
    page.lease = null;
    page.leaseEnded = now;
  }

  /** When the last lease of a job ended that is not held any more. */
  long leaseEnded(String jobId) {
    return page(jobId).leaseEnded;
  }

  private void broke(Page page, Lease lease) {
    String cause = deaths.getOrDefault(lease.workerId() + "/" + lease.incarnation(), "weather");
    page.breaks.add(cause.startsWith("job_") ? cause : "weather");
  }

  /**
   * It was the weather; or a beat was on its way when its worker was killed, and came late: that
   * costs one more attempt.
   */
  private static void acquitted(Page page, Job job) {
    if (page.breaks.isEmpty()) {
      throw new Violation(job.id() + " was acquitted, and nothing had broken it");
    }
    if (!page.breaks.remove("weather")) {
      page.breaks.remove(page.breaks.size() - 1);
    }
  }

  private void sentAgain(Job job, Transaction by) {
    if (by.kind == Database.Kind.SWEEP && !disturbed) {
      throw new Violation(job.id() + ": its message was lost though nothing had happened");
    }
  }

  /** One bad job may break an innocent one once; what breaks it more often is the weather. */
  private static void innocent(Page page, Job job) {
    Set<String> killers = new HashSet<>();
    long weather = 0;
    for (String cause : page.breaks) {
      if (cause.startsWith("job_")) {
        killers.add(cause);
      } else {
        weather++;
      }
    }
    boolean broken = job.failureKind() == null || job.failureKind().isTheInfrastructures();
    if (broken && killers.size() + weather < JobMachine.MOST_BROKEN_ATTEMPTS) {
      throw new Violation(
          job.id() + " did nothing and ended as an error, broken by " + page.breaks);
    }
  }

  void renewed(Job job) {
    Page page = page(job.id());
    Lease lease = job.lease();
    if (page.lease == null || lease == null || !lease.token().equals(page.lease.token())) {
      throw new Violation(job.id() + ": a lease was renewed that nobody holds");
    }
    if (page.until <= world.agenda().now()) {
      throw new Violation(job.id() + ": a lease that had run out was revived");
    }
    page.until = Agenda.millis(lease.until());
  }

  void recorded(String jobId, Transition.EndedAttempt ended) {
    Page page = page(jobId);
    if (!page.results.add(ended.number()) || !page.resultsOfGenerations.add(page.generation)) {
      throw new Violation(
          jobId
              + " has two results for attempt "
              + ended.number()
              + " or generation "
              + page.generation);
    }
    Ending ending = ended.ending();
    if (page.cancelled && ending.outcome() == JobState.PASSED) {
      throw new Violation(jobId + " was cancelled and passed");
    }
  }

  // ---- at the end

  void atTheEnd(List<Job> jobs) {
    for (Job job : jobs) {
      Page page = pages.get(job.id());
      if (page == null) {
        throw new Violation(job.id() + " came from nowhere");
      }
      if (!job.state().isVerdict()) {
        throw new Violation(job.id() + " has no verdict: " + told(job));
      }
      if (job.lease() != null) {
        throw new Violation(job.id() + " has its verdict and a lease");
      }
      if (page.cancelled && job.state() != JobState.CANCELLED) {
        throw new Violation(job.id() + " was answered as cancelled and is " + job.state());
      }
      if (page.results.size() != job.attempt()) {
        throw new Violation(
            job.id() + " had attempts " + job.attempt() + " and results " + page.results);
      }
      if (page.kills && job.state() != JobState.CANCELLED && job.state() != JobState.ERROR) {
        throw new Violation(job.id() + " kills its workers and ended as " + job.state());
      }
      if (page.kills
          && job.state() == JobState.ERROR
          && job.brokenAttempts() != JobMachine.MOST_BROKEN_ATTEMPTS) {
        throw new Violation(job.id() + " kills its workers and ended after " + job.attempt());
      }
    }
    if (jobs.size() != pages.size()) {
      throw new Violation("jobs vanished: " + jobs.size() + " of " + pages.size() + " are left");
    }
  }

  private Page page(String jobId) {
    return Objects.requireNonNull(pages.get(jobId), jobId);
  }

  static String told(Job job) {
    Lease lease = job.lease();
    return job.id()
        + " "
        + job.state()
        + " g"
        + job.generation()
        + " a"
        + job.attempt()
        + (job.brokenAttempts() > 0 ? " broken " + job.brokenAttempts() : "")
        + (lease == null ? "" : " at " + lease.slotId() + " until " + Agenda.millis(lease.until()));
  }
}
