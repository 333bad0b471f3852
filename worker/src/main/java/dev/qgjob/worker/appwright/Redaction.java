package dev.qgjob.worker.appwright;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private static final String INSTEAD = "***";

  /** Bytes of a file that are looked through at once. */
  private static final int BLOCK = 64 * 1024;

  private final Set<String> values = new HashSet<>();

  /** As the values are and as programs print them, the longest first. */
  private List<String> secrets = List.of();

  private String folder = "";

  Redaction(Map<String, String> environment, Map<String, String> given) {
    given.values().stream()
        .flatMap(value -> Stream.concat(Stream.of(value), value.lines()))
        .forEach(values::add);
    add(environment);
  }

  /** As it is, as Node shows a text within an object, and as JSON has it. */
  private static Stream<String> forms(String value) {
    return Stream.of(
        value,
        value.replace("\\", "\\\\"),
        new String(JsonStringEncoder.getInstance().quoteAsString(value)));
  }

  /** Takes out those of these variables as well whose names say that they are secret. */
  void add(Map<String, String> environment) {
    environment.entrySet().stream()
        .filter(entry -> SECRET.matcher(entry.getKey()).find())
        .map(Map.Entry::getValue)
        .forEach(values::add);
    secrets =
        values.stream()
            .filter(value -> value.length() >= LEAST)
            .flatMap(Redaction::forms)
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
      clean = clean.replace(secret, INSTEAD);
    }
    return clean;
  }

  /** The same document with its texts cleaned: encoded, they would not be the same texts. */
  JsonNode apply(JsonNode document) {
    if (document.isTextual()) {
      return JsonNodeFactory.instance.textNode(apply(document.asText()));
    }
    if (document.isArray()) {
      ArrayNode clean = JsonNodeFactory.instance.arrayNode();
      document.forEach(item -> clean.add(apply(item)));
      return clean;
    }
    if (document.isObject()) {
      ObjectNode clean = JsonNodeFactory.instance.objectNode();
      document
          .fields()
          .forEachRemaining(field -> clean.set(field.getKey(), apply(field.getValue())));
      return clean;
    }
    return document;
  }

  /** Whether there is anything to take out of a file. */
  boolean hasSecrets() {
    return !secrets.isEmpty();
  }

  /**
   * Copies a file without the secrets, a block of it in memory at a time.
   *
   * @param most bytes of it; of a file that has more, or grows beyond it meanwhile, no copy is left
   */
  void copy(Path from, Path to, long most) throws IOException {
    try {
      copyAll(from, to, most);
    } catch (IOException e) {
      Files.deleteIfExists(to);
      throw e;
    }
  }

  private void copyAll(Path from, Path to, long most) throws IOException {
    List<byte[]> wanted =
        secrets.stream().map(secret -> secret.getBytes(StandardCharsets.UTF_8)).toList();
    int longest = wanted.stream().mapToInt(secret -> secret.length).max().orElse(0);
    byte[] instead = INSTEAD.getBytes(StandardCharsets.UTF_8);
    byte[] window = new byte[BLOCK + longest];
    int filled = 0;
    int secretUntil = 0; // where in the window the last secret that was found ends
    long read = 0;
    boolean more = true;
    try (InputStream in = Files.newInputStream(from);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
      while (more) {
        int block = in.readNBytes(window, filled, window.length - filled);
        filled += block;
        read += block;
        if (read > most) {
          throw new IOException("it has more than " + most + " bytes, or grows beyond them");
        }
        more = filled == window.length;
        int end = more ? filled - longest : filled; // what begins before it is there as a whole
        for (int i = 0; i < end; i++) {
          int until = i + lengthAt(window, i, filled, wanted);
          if (until > i && until > secretUntil) {
            if (i >= secretUntil) {
              out.write(instead);
            }
            secretUntil = until;
          }
          if (i >= secretUntil) {
            out.write(window[i]);
          }
        }
        filled -= end;
        System.arraycopy(window, end, window, 0, filled);
        secretUntil = Math.max(0, secretUntil - end);
      }
    }
  }

  /** How long the longest of them is that stands there; 0: none does. */
  private static int lengthAt(byte[] text, int at, int end, List<byte[]> wanted) {
    for (byte[] secret : wanted) {
      if (secret[0] == text[at]
          && secret.length <= end - at
          && Arrays.equals(text, at, at + secret.length, secret, 0, secret.length)) {
        return secret.length;
      }
    }
    return 0;
  }
}
