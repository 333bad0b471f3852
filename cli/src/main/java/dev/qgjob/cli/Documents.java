package dev.qgjob.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import java.util.ArrayList;
import java.util.List;

/** JSON, one document a line. */
final class Documents {
  private Documents() {}

  /** An answer that is nothing but a list gives a line for each element, any other is one line. */
  static List<String> of(String json) {
    try {
      JsonNode root = Json.mapper().readTree(json);
      JsonNode list =
          root.isObject() && root.size() == 1 && root.elements().next().isArray()
              ? root.elements().next()
              : root;
      List<String> lines = new ArrayList<>();
      if (list.isArray()) {
        list.forEach(element -> lines.add(element.toString()));
      } else {
        lines.add(root.toString());
      }
      return lines;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that was read is no JSON", e);
    }
  }

  static String line(Object what) {
    try {
      return Json.mapper().writeValueAsString(what);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + what.getClass(), e);
    }
  }
}
