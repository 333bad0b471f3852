package dev.qgjob.lab.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Goes through a schedule slot by slot and lists what it could not have done. */
final class ScheduleCheck {
  private static final double CLOSE = 1e-6;

  private ScheduleCheck() {}

  static List<String> problems(Workload workload, List<Outcome.Placed> schedule) {
    List<String> problems = new ArrayList<>();
    Map<String, Workload.JobSpec> jobs = new HashMap<>();
    for (Workload.JobSpec job : workload.jobs()) {
      jobs.put(job.id(), job);
    }
    Set<String> seen = new HashSet<>();
    for (Outcome.Placed placed : schedule) {
      if (!seen.add(placed.job())) {
        problems.add(placed.job() + " runs twice");
      }
    }
    for (String job : jobs.keySet()) {
      if (!seen.contains(job)) {
        problems.add(job + " never runs");
      }
    }
    for (Workload.SlotSpec slot : workload.slots()) {
      check(
          workload,
          slot,
          schedule.stream()
              .filter(p -> p.slot().equals(slot.id()))
              .sorted(Comparator.comparingDouble(Outcome.Placed::start))
              .toList(),
          jobs,
          problems);
    }
    return problems;
  }

  private static void check(
      Workload workload,
      Workload.SlotSpec slot,
      List<Outcome.Placed> here,
      Map<String, Workload.JobSpec> jobs,
      List<String> problems) {
    Map<String, String> held = new HashMap<>(slot.holds());
    double free = 0;
    for (Outcome.Placed p : here) {
      Workload.JobSpec job = jobs.get(p.job());
      if (p.start() < free - CLOSE) {
        problems.add(p.job() + " begins while " + slot.id() + " is at work");
      }
      if (p.start() < job.submitted() - CLOSE) {
        problems.add(p.job() + " begins before it is submitted");
      }
      if (!job.targets().contains(slot.target())) {
        problems.add(p.job() + " may not run on " + slot.target());
      }
      if (!slot.capabilities().entrySet().containsAll(job.device().entrySet())) {
        problems.add(p.job() + " wished for another device than " + slot.id());
      }
      boolean lacks = !job.appVersion().equals(held.put(job.packageName(), job.appVersion()));
      // an attempt that was lost with its slot is not in the schedule, but its install is there
      boolean mayHoldUnseen = !slot.away().isEmpty();
      if (lacks != p.install() && !(lacks && mayHoldUnseen)) {
        problems.add(p.job() + (lacks ? " lacks an install" : " installs for nothing"));
      }
      double length = job.duration() + (p.install() ? workload.install(slot.target()) : 0);
      if (Math.abs(p.end() - p.start() - length) > CLOSE) {
        problems.add(p.job() + " takes " + (p.end() - p.start()) + " and not " + length);
      }
      for (Workload.Away away : slot.away()) {
        if (p.start() < away.until() - CLOSE && p.end() > away.from() + CLOSE) {
          problems.add(p.job() + " runs while " + slot.id() + " is away");
        }
      }
      free = p.end();
    }
  }
}
