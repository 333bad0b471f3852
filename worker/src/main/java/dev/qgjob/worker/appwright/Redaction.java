package dev.qgjob.worker.appwright;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Takes secrets out of what is kept: values of variables whose names say that they are secret. */
final class Redaction {
  private static final Pattern SECRET =
      Pattern.compile("SECRET|TOKEN|PASSW|KEY|CREDENTIAL|AUTH", Pattern.CASE_INSENSITIVE);

  private final List<String> secrets;

  Redaction(Map<String, String> environment) {
    secrets =
        environment.entrySet().stream()
            .filter(entry -> SECRET.matcher(entry.getKey()).find())
            .map(Map.Entry::getValue)
            .filter(value -> value.length() >= 4)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  String apply(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return clean;
  }
}
