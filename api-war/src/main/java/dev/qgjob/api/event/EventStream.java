package dev.qgjob.api.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.api.json.ApiJson;
import dev.qgjob.api.report.ReportMapper;
import dev.qgjob.api.words.Words;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.event.Events;
import dev.qgjob.domain.event.JobChanged;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.protocol.event.JobChange;
import dev.qgjob.protocol.event.RunEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One who watches a run. What is to be written is noted by whoever knows it and written by one
 * thread at a time, so a client that does not read holds up nobody but itself; and it is dropped
 * when a write to it takes longer than {@link #LONGEST_WRITE}. Waiting for a thread is not counted.
 * What piles up meanwhile is forgotten and the run read anew instead.
 *
 * <p>Events: {@code run}, the whole run, first; {@code job} for each change; {@code end}, the last.
 */
final class EventStream implements Events.Listener {
  /** Id of the last event of a run that has ended. */
  static final String END_ID = "end";

  /**
   * Looked at every five seconds, so a client hears something every 15 s at least; the connector
   * drops a connection whose last write is 20 s old.
   */
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private static final Duration READ_AGAIN = Duration.ofSeconds(20);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

  /** Who comes again shows its token again. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final int MOST_WAITING = 1_000;

  private final Caller caller;
  private final String runId;
  private final Reports reports;
  private final BooleanSupplier allowed;
  private final Executor executor;
  private final Runnable ended;
  private final Line line;
  private final LongSupplier nanoTime;
  private final long beganAt;

  /** What the client knows; only the writing thread touches it, as the number of events. */
  private final Map<String, JobChanged> known = new HashMap<>();

  private long events;

  private final Deque<JobChanged> waiting = new ArrayDeque<>();
  private boolean readDue = true;
  private boolean heartbeatDue;
  private boolean over;

  /** Handed to the executor, where it may wait for a thread; {@code writing} once it has one. */
  private boolean handedOver;

  private boolean writing;
  private long writingSince;
  private long wroteAt;
  private long readAt;
  private Events.@Nullable Subscription subscription;

  /** The way to the client. A call may take as long as the client likes. */
  interface Line {
    /** Throws where the client went. */
    void event(String name, String id, String data) throws IOException;

    /** A line that means nothing, so that nobody on the way takes the stream for dead. */
    void comment(String text) throws IOException;

    /** Neither waits nor throws. */
    void close();
  }

  /**
   * @param allowed asked whenever the run is read: false ends the stream
   */
  EventStream(
      Caller caller,
      String runId,
      Reports reports,
      BooleanSupplier allowed,
      Executor executor,
      Line line,
      Runnable ended,
      LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.beganAt = nanoTime.getAsLong();
    this.wroteAt = beganAt;
    this.readAt = beganAt;
    this.line = line;
    this.caller = caller;
    this.runId = runId;
    this.reports = reports;
    this.allowed = allowed;
    this.executor = executor;
    this.ended = ended;
  }

  /** Hears of changes first and reads the run then, so that none falls in between. */
  void follow(Events source) {
    Events.Subscription mine = source.subscribe(runId, this);
    synchronized (this) {
      subscription = mine;
    }
    wake();
  }

  @Override
  public void changed(JobChanged change) {
    synchronized (this) {
      waiting.addLast(change);
      if (waiting.size() > MOST_WAITING) {
        waiting.clear();
        readDue = true;
      }
    }
    wake();
  }

  @Override
  public void missed() {
    synchronized (this) {
      readDue = true;
    }
    wake();
  }

  @Override
  public void moment() {
    boolean stuck;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      heartbeatDue |= since(wroteAt, now).compareTo(HEARTBEAT) >= 0;
      readDue |= since(readAt, now).compareTo(READ_AGAIN) >= 0;
      stuck = writing && since(writingSince, now).compareTo(LONGEST_WRITE) >= 0;
      over |= stuck || since(beganAt, now).compareTo(LONGEST) >= 0;
    }
    if (stuck) {
      close();
    } else {
      wake();
    }
  }

  private static Duration since(long then, long now) {
    return Duration.ofNanos(now - then);
  }

  private void wake() {
    synchronized (this) {
      if (handedOver || !(over || readDue || heartbeatDue || !waiting.isEmpty())) {
        return;
      }
      handedOver = true;
    }
    try {
      executor.execute(this::write);
    } catch (RejectedExecutionException e) {
      // the server is going down
      letGo();
    }
  }

  private void write() {
    try {
      while (writeNext()) {
        continue;
      }
    } catch (IOException e) {
      // the client went: that is how most streams end
      finish();
    } catch (RuntimeException e) {
      // the database is away: read again at the next moment
      synchronized (this) {
        readDue = true;
        letGo();
      }
    }
  }

  private synchronized void letGo() {
    writing = false;
    handedOver = false;
  }

  /** False when there is nothing more to write, now or ever. */
  private boolean writeNext() throws IOException {
    JobChanged change = null;
    boolean read = false;
    boolean beat = false;
    synchronized (this) {
      writing = true;
      writingSince = nanoTime.getAsLong();
      if (!over && readDue) {
        readDue = false;
        waiting.clear();
        readAt = writingSince;
        read = true;
      } else if (!over && !waiting.isEmpty()) {
        change = waiting.removeFirst();
      } else if (!over && heartbeatDue) {
        beat = true;
      } else if (!over) {
        // within the lock, so that whoever says something now finds nobody writing
        letGo();
        return false;
      }
    }
    if (read) {
      return readRun();
    }
    if (change != null) {
      news(change);
      return true;
    }
    if (beat) {
      line.comment("still here");
      wrote();
      return true;
    }
    finish();
    return false;
  }

  private boolean readRun() throws IOException {
    Optional<RunReport> found =
        allowed.getAsBoolean() ? reports.run(caller, runId) : Optional.empty();
    if (found.isEmpty()) {
      finish();
      return false;
    }
    RunReport run = found.get();
    boolean first = events == 0;
    if (first) {
      data("run", ReportMapper.view(run), null);
    }
    for (var report : run.jobs()) {
      Job job = report.job();
      JobChanged now = JobChanged.of(job);
      if (first) {
        known.put(job.id(), now);
      } else {
        news(now);
      }
    }
    if (run.state().isVerdict()) {
      data("end", new RunEnd(runId, Words.state(run.state())), END_ID);
      finish();
      return false;
    }
    return true;
  }

  private void news(JobChanged change) throws IOException {
    if (!change.isAfter(known.get(change.jobId()))) {
      return;
    }
    known.put(change.jobId(), change);
    data("job", view(change), null);
    if (known.values().stream().allMatch(c -> c.state().isVerdict())) {
      synchronized (this) {
        readDue = true;
      }
    }
  }

  private static JobChange view(JobChanged change) {
    return new JobChange(
        change.orgId(),
        change.runId(),
        change.jobId(),
        change.generation(),
        Words.state(change.state()),
        change.attempt(),
        change.slotId(),
        change.flaky(),
        Words.kind(change.failureKind()),
        change.message());
  }

  private void data(String name, Object body, @Nullable String id) throws IOException {
    line.event(name, id == null ? runId + ":" + (events + 1) : id, json(body));
    events++; // what could not be written is not known to the client
    wrote();
  }

  private static String json(Object body) {
    try {
      return ApiJson.mapper().writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized void wrote() {
    wroteAt = nanoTime.getAsLong();
    heartbeatDue = false;
  }

  private void finish() {
    synchronized (this) {
      over = true;
    }
    close();
  }

  private void close() {
    Events.Subscription mine;
    synchronized (this) {
      mine = subscription;
      subscription = null;
    }
    if (mine == null) {
      return;
    }
    mine.close();
    ended.run();
    line.close();
  }
}
