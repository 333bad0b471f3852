package dev.qgjob.lab.replay;

import dev.qgjob.client.Json;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.Decided;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Counts over recorded ticks. For one thread. */
final class Replay {
  private static final int MOST_EXAMPLES = 20;

  private final List<String> examples = new ArrayList<>();
  private int ticks;
  private int withoutBoard;
  private int same;
  private int decisionsThen;
  private int decisionsNow;
  private int coldThen;
  private int coldNow;
  private int transferredThen;
  private int transferredNow;

  /** Decides every line of a file again. */
  void file(Path file) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        try {
          tick(Json.mapper().readValue(line, Decided.class));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
          throw new IOException(
              file + ", line " + number + " is no decision: " + e.getOriginalMessage(), e);
        }
      }
    }
  }

  void tick(Decided then) {
    ticks++;
    Board board = then.board();
    if (board == null) {
      withoutBoard++;
      return;
    }
    Decided now = then.again();
    Set<Decided.Taken> before = new HashSet<>(then.decisions());
    Set<Decided.Taken> after = new HashSet<>(now.decisions());
    decisionsThen += before.size();
    decisionsNow += after.size();
    coldThen += cold(board, before);
    coldNow += cold(board, after);
    transferredThen += transferred(before);
    transferredNow += transferred(after);
    if (before.equals(after)) {
      same++;
    } else if (examples.size() < MOST_EXAMPLES) {
      examples.add(difference(then, before, after));
    }
  }

  private static int transferred(Set<Decided.Taken> decisions) {
    return (int) decisions.stream().filter(d -> d.how() == Decided.How.TRANSFERRED).count();
  }

  /** Decisions that cost an install on the slot that they name. */
  private static int cold(Board board, Set<Decided.Taken> decisions) {
    Map<String, Map<String, String>> holds = new HashMap<>();
    board.slots().forEach(load -> holds.put(load.slot().id(), load.slot().holds()));
    Map<String, Board.WaitingGroup> groups = new HashMap<>();
    board
        .groups()
        .forEach(
            g -> {
              g.heads().forEach(job -> groups.put(job.id(), g));
              g.released().forEach(job -> groups.put(job.id(), g));
            });
    return (int)
        decisions.stream()
            .filter(
                d -> {
                  Board.WaitingGroup group = groups.get(d.jobId());
                  return d.slotId() != null
                      && group != null
                      && !group
                          .buildSha256()
                          .equals(
                              holds.getOrDefault(d.slotId(), Map.of()).get(group.packageName()));
                })
            .count();
  }

  private static String difference(
      Decided tick, Set<Decided.Taken> before, Set<Decided.Taken> after) {
    Set<String> gone = new TreeSet<>();
    before.stream().filter(d -> !after.contains(d)).forEach(d -> gone.add(text(d)));
    Set<String> come = new TreeSet<>();
    after.stream().filter(d -> !before.contains(d)).forEach(d -> come.add(text(d)));
    return tick.at() + " " + tick.target() + ": then " + gone + ", now " + come;
  }

  private static String text(Decided.Taken decision) {
    return decision.jobId()
        + " of "
        + decision.appVersionId()
        + " "
        + decision.how()
        + (decision.from() == null ? "" : " from " + decision.from())
        + (decision.slotId() == null ? "" : " to " + decision.slotId());
  }

  Map<String, Double> figures() {
    Map<String, Double> figures = new java.util.LinkedHashMap<>();
    figures.put("ticks", (double) ticks);
    figures.put("ticks without a board", (double) withoutBoard);
    figures.put("ticks decided alike", (double) same);
    figures.put("ticks decided otherwise", (double) (ticks - withoutBoard - same));
    figures.put("decisions then", (double) decisionsThen);
    figures.put("decisions now", (double) decisionsNow);
    figures.put("to a slot without the build, then", (double) coldThen);
    figures.put("to a slot without the build, now", (double) coldNow);
    figures.put("from another target, then", (double) transferredThen);
    figures.put("from another target, now", (double) transferredNow);
    return figures;
  }

  List<String> examples() {
    return List.copyOf(examples);
  }
}
