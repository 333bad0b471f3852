package dev.qgjob.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The story of one seed, told only when somebody wants to read it. */
final class Trace {
  private final boolean told;
  private final Agenda agenda;
  private final List<String> lines = new ArrayList<>();

  Trace(boolean told, Agenda agenda) {
    this.told = told;
    this.agenda = agenda;
  }

  /** Ask before putting words together: they cost more than what they tell of. */
  boolean on() {
    return told;
  }

  void say(String who, String what) {
    if (told) {
      lines.add(String.format(Locale.ROOT, "%9.3f  %-10s %s", agenda.now() / 1000.0, who, what));
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
