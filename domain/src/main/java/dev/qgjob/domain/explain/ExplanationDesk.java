package dev.qgjob.domain.explain;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Books;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.report.ReportStore;
import dev.qgjob.domain.report.Run;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at the same board as the next tick, and tells what it means for one job. */
public final class ExplanationDesk implements Explanations {
  /** Slots of which it is told what they run. */
  private static final int MOST_SLOTS = 20;

  private final ReportStore reports;
  private final BoardStore boards;
  private final Books books;
  private final FleetStore fleet;
  private final Duration lease;

  public ExplanationDesk(
      ReportStore reports, BoardStore boards, Books books, FleetStore fleet, Duration lease) {
    this.reports = reports;
    this.boards = boards;
    this.books = books;
    this.fleet = fleet;
    this.lease = lease;
  }

  @Override
  public Optional<Explanation> explain(Caller caller, String jobId) {
    return reports
        .job(jobId)
        .filter(job -> caller.sees(job.group().orgId()))
        .map(job -> Explainer.explain(situation(job)));
  }

  private Situation situation(Job job) {
    GroupKey group = job.group();
    Board board = boards.read(group.target(), lease);
    Optional<Figure> figure =
        reports
            .packageOf(group)
            .map(app -> FigureKey.spec(group.orgId(), app, group.target(), job.testPath()))
            .flatMap(key -> Optional.ofNullable(books.figures(List.of(key)).get(key)));
    boolean waits = job.state() == JobState.QUEUED;
    Optional<Run> run = reports.run(job.runId());
    return new Situation(
        job,
        board,
        run.map(Run::device).orElse(Map.of()),
        run.map(Run::resourceKeys).orElse(Set.of()),
        waits ? reports.before(job) : 0,
        waits ? onSlots(group.orgId(), board) : Map.of(),
        waits && board.slots().isEmpty() ? unavailable(board) : Map.of(),
        figure.map(Figure::mean).map(job.part()::share).orElse(null),
        figure.map(Figure::high).map(job.part()::share).orElse(null),
        run.map(Run::timeout).orElse(null));
  }

  /** Slots of which their workers say that they are there and take no job. */
  private Map<String, String> unavailable(Board board) {
    return fleet.slots().stream()
        .filter(slot -> slot.target() == board.target() && !slot.attached())
        .filter(slot -> slot.lastBeatAt().plus(lease).isAfter(board.now()))
        .filter(slot -> slot.capabilities().containsKey(Slot.UNAVAILABLE))
        .collect(Collectors.toMap(Slot::id, slot -> slot.capabilities().get(Slot.UNAVAILABLE)));
  }

  /** Of another org's work no more than that it is there. */
  private Map<String, String> onSlots(String orgId, Board board) {
    Map<String, String> running = reports.runningOn();
    Map<String, String> words = new HashMap<>();
    for (Board.SlotLoad load : board.slots()) {
      String slotId = load.slot().id();
      String jobId = running.get(slotId);
      if (jobId != null && words.size() < MOST_SLOTS) {
        words.put(
            slotId,
            reports
                .job(jobId)
                .filter(job -> job.group().orgId().equals(orgId))
                .map(job -> "job " + job.id() + ", " + job.testPath())
                .orElse("another org's work"));
      }
    }
    return words;
  }
}
