package dev.qgjob.worker.appwright;

import java.io.File;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes out of what is kept the secrets, the values of variables whose names say that they are
 * secret, and paths of this host. Used by one thread.
 */
final class Redaction {
  private static final Pattern SECRET =
      Pattern.compile("SECRET|TOKEN|PASSW|KEY|CREDENTIAL|AUTH", Pattern.CASE_INSENSITIVE);

  /** What is shorter stands in too many words to be taken out of them. */
  private static final int LEAST = 4;

  private final List<String> secrets;
  private String folder = "";

  Redaction(Map<String, String> environment, Map<String, String> given) {
    secrets =
        Stream.concat(
                given.values().stream()
                    .flatMap(value -> Stream.concat(Stream.of(value), value.lines())),
                environment.entrySet().stream()
                    .filter(entry -> SECRET.matcher(entry.getKey()).find())
                    .map(Map.Entry::getValue))
            .filter(value -> value.length() >= LEAST)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** Has paths below this folder shown as relative ones. */
  void hide(Path project) {
    folder = project + File.separator;
  }

  String apply(String text) {
    String clean = folder.isEmpty() ? text : text.replace(folder, "");
    for (String secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return clean;
  }
}
