package dev.qgjob.lab.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Board;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a workload from JSON; what is wrong is told in one line with the field. */
final class WorkloadFile {
  private static final double MOST_SECONDS = 1e8;

  private final Path file;
  private final Map<String, Set<String>> packages = new HashMap<>();

  private WorkloadFile(Path file) {
    this.file = file;
  }

  /** The file is no workload; the message is one line. */
  static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  static Workload read(Path file) {
    return new WorkloadFile(file).read();
  }

  private Workload read() {
    JsonNode root;
    try {
      root = Json.mapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw unusable(
          "line " + e.getLocation().getLineNr(), "is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw unusable("file", "cannot be read: " + e.getMessage());
    }
    if (root == null || !root.isObject()) {
      throw unusable("file", "has to be an object with slots, jobs and install_s");
    }
    List<Workload.JobSpec> jobs = jobs(array(root, "jobs"));
    List<Workload.SlotSpec> slots = slots(array(root, "slots"));
    Map<Target, Double> installs = installs(root.path("install_s"), slots);
    Workload workload = new Workload(slots, jobs, installs, orgs(root));
    for (int i = 0; i < jobs.size(); i++) {
      Workload.JobSpec job = jobs.get(i);
      if (slots.stream().noneMatch(slot -> slot.mayRun(job))) {
        String wish =
            job.device().isEmpty() ? "" : " with " + new java.util.TreeMap<>(job.device());
        throw unusable(
            "jobs[" + i + "]." + (wish.isEmpty() ? "targets" : "device"),
            "no slot is " + names(job.targets()) + wish + ": nothing can ever run job " + job.id());
      }
    }
    return workload;
  }

  private static String names(List<Target> targets) {
    return targets.stream().map(WorkloadFile::name).collect(Collectors.joining(" or "));
  }

  static String name(Target target) {
    return target.name().toLowerCase(Locale.ROOT);
  }

  private List<Workload.JobSpec> jobs(JsonNode array) {
    List<Workload.JobSpec> jobs = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < array.size(); i++) {
      JsonNode node = array.get(i);
      String at = "jobs[" + i + "]";
      object(node, at);
      String version = text(node, at, "app_version");
      String packageName = node.hasNonNull("package") ? text(node, at, "package") : version;
      jobs.add(
          new Workload.JobSpec(
              once(ids, text(node, at, "id"), at),
              node.hasNonNull("org") ? text(node, at, "org") : "org",
              build(version, packageName),
              packageName,
              targets(node, at),
              texts(node.path("device"), at + ".device"),
              priority(node, at),
              seconds(node, at, "submitted_s", 0.0),
              seconds(node, at, "duration_s", null),
              forecast(node, at)));
    }
    return jobs;
  }

  /** What tells builds apart: the version, or that of another package that has the same name. */
  private String build(String version, String packageName) {
    Set<String> all = packages.computeIfAbsent(version, v -> new LinkedHashSet<>());
    boolean first = all.isEmpty() || all.iterator().next().equals(packageName);
    all.add(packageName);
    return first ? version : packageName + "/" + version;
  }

  private List<Target> targets(JsonNode node, String at) {
    JsonNode array = node.path("targets");
    if (!array.isArray() || array.isEmpty()) {
      throw unusable(at + ".targets", "has to be a list of " + allTargets());
    }
    Set<Target> targets = new LinkedHashSet<>();
    for (int i = 0; i < array.size(); i++) {
      targets.add(target(array.get(i), at + ".targets[" + i + "]"));
    }
    return List.copyOf(targets);
  }

  private Target target(JsonNode node, String at) {
    for (Target target : Target.values()) {
      if (node.isTextual() && name(target).equals(node.asText())) {
        return target;
      }
    }
    throw unusable(at, shown(node) + " is none of " + allTargets());
  }

  private static String allTargets() {
    return Stream.of(Target.values()).map(WorkloadFile::name).collect(Collectors.joining(", "));
  }

  private int priority(JsonNode node, String at) {
    JsonNode value = node.path("priority");
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (!value.isIntegralNumber() || Math.abs(value.asDouble()) > 1000) {
      throw unusable(at + ".priority", shown(value) + " is no whole number from -1000 to 1000");
    }
    return value.asInt();
  }

  /** Absent, zero or negative: nothing is known. */
  private double forecast(JsonNode node, String at) {
    JsonNode value = node.path("forecast_s");
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
      throw unusable(at + ".forecast_s", shown(value) + " is no number of seconds");
    }
    return Math.min(MOST_SECONDS, Math.max(0, value.asDouble()));
  }

  private List<Workload.SlotSpec> slots(JsonNode array) {
    if (array.isEmpty()) {
      throw unusable("slots", "there has to be one at least");
    }
    List<Workload.SlotSpec> slots = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < array.size(); i++) {
      JsonNode node = array.get(i);
      String at = "slots[" + i + "]";
      object(node, at);
      slots.add(
          new Workload.SlotSpec(
              once(ids, text(node, at, "id"), at),
              target(node.path("target"), at + ".target"),
              warm(node.path("warm"), at + ".warm"),
              texts(node.path("capabilities"), at + ".capabilities"),
              away(node.path("away_s"), at + ".away_s")));
    }
    return slots;
  }

  private Map<String, String> warm(JsonNode array, String at) {
    Map<String, String> holds = new HashMap<>();
    if (array.isMissingNode() || array.isNull()) {
      return holds;
    }
    if (!array.isArray()) {
      throw unusable(at, "has to be a list of app versions");
    }
    for (int i = 0; i < array.size(); i++) {
      if (!array.get(i).isTextual()) {
        throw unusable(at + "[" + i + "]", shown(array.get(i)) + " is no app version");
      }
      String version = array.get(i).asText();
      Set<String> of = packages.getOrDefault(version, Set.of(version));
      if (of.size() > 1) {
        throw unusable(
            at + "[" + i + "]", version + " is of several packages: " + String.join(", ", of));
      }
      String other = holds.put(of.iterator().next(), version);
      if (other != null && !other.equals(version)) {
        throw unusable(
            at + "[" + i + "]",
            version + " and " + other + " are of one package: one replaces the other");
      }
    }
    return holds;
  }

  private List<Workload.Away> away(JsonNode array, String at) {
    List<Workload.Away> all = new ArrayList<>();
    double before = 0;
    for (int i = 0; i < array.size(); i++) {
      JsonNode pair = array.get(i);
      if (!pair.isArray()
          || pair.size() != 2
          || !(pair.get(0).asDouble(-1) >= before)
          || !(pair.get(1).asDouble(-1) > pair.get(0).asDouble())
          || pair.get(1).asDouble() > MOST_SECONDS) {
        throw unusable(at + "[" + i + "]", shown(pair) + " is no [from, until] after " + before);
      }
      before = pair.get(1).asDouble();
      all.add(new Workload.Away(pair.get(0).asDouble(), before));
    }
    return all;
  }

  private Map<Target, Double> installs(JsonNode node, List<Workload.SlotSpec> slots) {
    if (!node.isObject()) {
      throw unusable("install_s", "has to be an object: target to seconds");
    }
    Map<Target, Double> installs = new EnumMap<>(Target.class);
    node.fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode key = Json.mapper().getNodeFactory().textNode(name);
              installs.put(
                  target(key, "install_s." + name), seconds(node, "install_s", name, null));
            });
    for (Workload.SlotSpec slot : slots) {
      if (!installs.containsKey(slot.target())) {
        throw unusable(
            "install_s." + name(slot.target()), "is missing, and slot " + slot.id() + " needs it");
      }
    }
    return installs;
  }

  private Map<String, Workload.OrgSpec> orgs(JsonNode root) {
    JsonNode weights = root.path("weights");
    JsonNode caps = root.path("caps");
    Set<String> names = new TreeSet<>();
    for (String field : List.of("weights", "caps")) {
      JsonNode node = root.path(field);
      if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
        throw unusable(field, "has to be an object: org to number");
      }
      node.fieldNames().forEachRemaining(names::add);
    }
    Map<String, Workload.OrgSpec> orgs = new HashMap<>();
    for (String org : names) {
      JsonNode weight = weights.path(org);
      JsonNode cap = caps.path(org);
      if (!weight.isMissingNode()
          && !(weight.isNumber() && weight.asDouble() >= 0 && weight.asDouble() <= 1e6)) {
        throw unusable("weights." + org, shown(weight) + " is no number from 0 to 1000000");
      }
      if (!cap.isMissingNode()
          && !(cap.canConvertToInt() && cap.isIntegralNumber() && cap.asInt() > 0)) {
        throw unusable("caps." + org, shown(cap) + " is no whole number from 1");
      }
      orgs.put(
          org,
          new Workload.OrgSpec(
              weight.isMissingNode() ? 1 : weight.asDouble(),
              cap.isMissingNode() ? Board.NO_CAP : cap.asInt()));
    }
    return orgs;
  }

  private JsonNode array(JsonNode root, String field) {
    JsonNode array = root.path(field);
    if (!array.isArray()) {
      throw unusable(field, "has to be a list");
    }
    return array;
  }

  private void object(JsonNode node, String at) {
    if (!node.isObject()) {
      throw unusable(at, shown(node) + " is no object");
    }
  }

  private String text(JsonNode node, String at, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw unusable(
          at + "." + field, value.isMissingNode() ? "is missing" : shown(value) + " is no text");
    }
    return value.asText();
  }

  private Map<String, String> texts(JsonNode node, String at) {
    Map<String, String> texts = new HashMap<>();
    if (node.isMissingNode() || node.isNull()) {
      return texts;
    }
    object(node, at);
    node.fieldNames().forEachRemaining(name -> texts.put(name, text(node, at, name)));
    return texts;
  }

  private double seconds(
      JsonNode node, String at, String field, @org.jspecify.annotations.Nullable Double absent) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() && absent != null) {
      return absent;
    }
    if (!value.isNumber() || !(value.asDouble() >= 0) || value.asDouble() > MOST_SECONDS) {
      throw unusable(
          at + "." + field,
          (value.isMissingNode()
              ? "is missing"
              : shown(value) + " is no number of seconds from 0 to 1e8"));
    }
    return value.asDouble();
  }

  private String once(Set<String> ids, String id, String at) {
    if (!ids.add(id)) {
      throw unusable(at + ".id", id + " is there twice");
    }
    return id;
  }

  private static String shown(JsonNode node) {
    String text = node.isMissingNode() ? "nothing" : node.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private Unusable unusable(String field, String problem) {
    return new Unusable(file.getFileName() + ": " + field + ": " + problem.replace('\n', ' '));
  }
}
