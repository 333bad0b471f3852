package dev.qgjob.lab.schedule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures, what is asked of them, and which fall short. Filled by one thread. */
final class Figures {
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final Map<String, String> bars = new LinkedHashMap<>();
  private final List<String> fallsShort = new ArrayList<>();

  void add(String name, double value) {
    figures.put(name, Math.round(value * 1e4) / 1e4);
  }

  void atMost(String name, double value, double limit) {
    add(name, value);
    bars.put(name, "<= " + limit);
    if (!(value <= limit)) {
      fallsShort.add(name);
    }
  }

  void atLeast(String name, double value, double limit) {
    add(name, value);
    bars.put(name, ">= " + limit);
    if (!(value >= limit)) {
      fallsShort.add(name);
    }
  }

  Map<String, Double> figures() {
    return figures;
  }

  Map<String, String> bars() {
    return bars;
  }

  List<String> fallsShort() {
    return fallsShort;
  }
}
