package dev.qgjob.cli.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.EventFeed;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.event.JobChange;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the server tells of a run by itself. It may fall silent at any time (a proxy, a restart, an
 * older server): then {@link #next} is empty when the time is up, whoever listens asks instead, and
 * a later call takes the stream up again where it broke off.
 */
final class News implements AutoCloseable {
  /** The server says at least every 15 s that it is there. */
  static final Duration SILENCE = Duration.ofSeconds(40);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int MOST_WAITING = 1_000;

  private final ApiClient client;
  private final Surroundings here;
  private final String path;
  private final BlockingQueue<EventFeed.Event> events = new ArrayBlockingQueue<>(MOST_WAITING);
  private @Nullable EventFeed feed;
  private @Nullable Duration triedAt;
  private @Nullable String lastId;
  private boolean heard;
  private Duration pause = FIRST_PAUSE;

  News(ApiClient client, Surroundings here, String runId) {
    this.client = client;
    this.here = here;
    this.path = "/events?run_id=" + Segment.of(runId);
  }

  /** The stream is open and has said something. */
  boolean heard() {
    return heard && feed != null && feed.open();
  }

  /**
   * The run after the next thing that is told of it; empty when it is time to ask: the run may be
   * over, the stream ended, or nothing came for {@code most}.
   */
  Optional<RunView> next(RunView run, Duration most) throws InterruptedException {
    listen();
    EventFeed.Event event = here.time().next(events, most);
    if (event != null && !heard && event.name().equals(EventFeed.ENDED)) {
      event = here.time().next(events, most); // refused: as good as nothing
    }
    if (event == null) {
      if (heard) {
        close(); // it should have said that it is there
      }
      return Optional.empty();
    }
    heard |= !event.name().equals(EventFeed.ENDED);
    if (event.id() != null) {
      lastId = event.id();
    }
    return switch (event.name()) {
      case "job" -> read(event.data(), JobChange.class).map(change -> after(run, change));
      case "run" -> read(event.data(), RunView.class);
      case EventFeed.STILL_THERE -> Optional.of(run);
      default -> Optional.empty(); // "end", the stream's own end, and what a newer server may say
    };
  }

  private void listen() {
    if (feed != null && feed.open()) {
      return;
    }
    Duration now = here.time().elapsed();
    if (triedAt == null || now.minus(triedAt).compareTo(pause) >= 0) {
      pause = heard || triedAt == null ? FIRST_PAUSE : longer(pause);
      triedAt = now;
      heard = false;
      feed = client.follow(path, lastId, events);
    }
  }

  /** A server without events is not asked for them all the time. */
  private static Duration longer(Duration pause) {
    Duration next = pause.multipliedBy(2);
    return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
  }

  private static <T> Optional<T> read(String json, Class<T> type) {
    try {
      return Optional.ofNullable(Json.mapper().readValue(json, type));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // asking will tell
    }
  }

  private static RunView after(RunView run, JobChange change) {
    return run.with(
        run.jobs().stream()
            .map(job -> job.jobId().equals(change.jobId()) ? after(job, change) : job)
            .toList());
  }

  private static JobView after(JobView job, JobChange change) {
    return new JobView(
        job.jobId(),
        job.runId(),
        job.orgId(),
        job.appVersionId(),
        job.build(),
        job.testPath(),
        job.part(),
        job.project(),
        job.priority(),
        job.target(),
        change.state(),
        change.flaky(),
        change.failureKind(),
        change.message(),
        change.attempt(),
        change.slotId(),
        null,
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        job.attempts());
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
    }
  }
}
