package dev.qgjob.simfarm.apk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An element of a manifest.
 *
 * @param attributes by name without namespace; a reference into the resources looks like
 *     {@code @7f0a0001}
 * @param children in order; filled while the manifest is read
 */
record ManifestElement(
    String name, Map<String, String> attributes, List<ManifestElement> children) {

  ManifestElement(String name, Map<String, String> attributes) {
    this(name, Map.copyOf(attributes), new ArrayList<>());
  }

  Optional<String> attribute(String wanted) {
    return Optional.ofNullable(attributes.get(wanted));
  }

  /** The children of this name. */
  List<ManifestElement> all(String wanted) {
    return children.stream().filter(child -> child.name().equals(wanted)).toList();
  }

  /** The attribute as a number that fits. */
  long number(String wanted, long otherwise) {
    return attribute(wanted)
        .filter(text -> text.matches("-?\\d{1,10}"))
        .map(Long::parseLong)
        .orElse(otherwise);
  }
}
