package dev.qgjob.worker.appwright;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.worker.appwright.RunEvent.Attachment;
import dev.qgjob.worker.appwright.RunEvent.KnownTest;
import dev.qgjob.worker.appwright.RunEvent.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the reporter's lines. */
final class RunEvents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunEvents() {}

  /** The event of a line; empty for a kind that this version does not know. */
  static Optional<RunEvent> parse(String line) throws JsonProcessingException {
    JsonNode json = JSON.readTree(line);
    return Optional.ofNullable(
        switch (json.path("event").asText()) {
          case "configured" -> configured(json);
          case "begin" -> new RunEvent.Begin(list(json.path("tests"), RunEvents::known));
          case "whole" -> new RunEvent.Whole(list(json.path("files"), JsonNode::asText));
          case "alone" -> new RunEvent.Alone(list(json.path("files"), JsonNode::asText));
          case "crossed" -> new RunEvent.Crossed(list(json.path("files"), JsonNode::asText));
          case "testBegin" ->
              new RunEvent.TestBegin(json.path("id").asText(), json.path("file").asText());
          case "testEnd" -> testEnd(json);
          case "error" -> new RunEvent.Failure(problem(json));
          case "stdout", "stderr" ->
              new RunEvent.Output(textOrNull(json, "file"), json.path("text").asText());
          case "end" -> new RunEvent.End(json.path("status").asText());
          default -> null;
        });
  }

  private static RunEvent configured(JsonNode json) {
    JsonNode adapter = json.path("adapter");
    return new RunEvent.Configured(
        json.path("playwright").asText(),
        adapter.path("ready").asBoolean(false),
        adapter.path("package").asText("appwright") + " " + adapter.path("version").asText("?"),
        list(adapter.path("problems"), JsonNode::asText),
        textOrNull(adapter, "mismatch"));
  }

  private static KnownTest known(JsonNode json) {
    return new KnownTest(
        json.path("id").asText(),
        json.path("file").asText(),
        list(json.path("title"), JsonNode::asText),
        json.path("line").asInt(),
        json.path("column").asInt());
  }

  private static RunEvent testEnd(JsonNode json) {
    return new RunEvent.TestEnd(
        json.path("id").asText(),
        json.path("file").asText(),
        list(json.path("title"), JsonNode::asText),
        json.path("line").asInt(),
        json.path("column").asInt(),
        json.path("status").asText(),
        json.path("outcome").asText(),
        json.path("retry").asInt(),
        Duration.ofMillis(Math.round(json.path("duration").asDouble())),
        Duration.ofMillis(Math.max(0, Math.round(json.path("opening").asDouble()))),
        list(json.path("errors"), RunEvents::problem),
        list(
            json.path("attachments"),
            a ->
                new Attachment(
                    a.path("name").asText("attachment"),
                    a.path("contentType").asText("application/octet-stream"),
                    a.path("path").asText())),
        json);
  }

  private static Problem problem(JsonNode json) {
    return new Problem(
        json.path("message").asText("no message"),
        textOrNull(json, "snippet"),
        textOrNull(json, "file"),
        json.path("line").asInt());
  }

  private static @Nullable String textOrNull(JsonNode json, String name) {
    return json.hasNonNull(name) ? json.get(name).asText() : null;
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> item) {
    List<T> items = new ArrayList<>();
    array.forEach(node -> items.add(item.apply(node)));
    return items;
  }
}
