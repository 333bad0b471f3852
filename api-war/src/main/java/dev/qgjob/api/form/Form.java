package dev.qgjob.api.form;

import dev.qgjob.api.problem.Refusal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of one field each: they hand the value back, or throw a {@link Refusal} that names it. */
public final class Form {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern ORG = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final int LONGEST_PATH = 500;

  private Form() {}

  /** It is there. */
  public static <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw Refusal.missing(field);
    }
    return value;
  }

  /** 1 to {@code most} characters without control characters; spaces only inside. */
  public static String text(String field, @Nullable String value, int most) {
    String text = present(field, value);
    check(
        !text.isBlank() && text.equals(text.strip()) && isOneLine(text) && length(text) <= most,
        field,
        field + " must be 1 to " + most + " characters in one line, without spaces around them");
    return text;
  }

  /** Like {@link #text}, or absent. */
  public static @Nullable String textOrNull(String field, @Nullable String value, int most) {
    return value == null ? null : text(field, value, most);
  }

  /** 1 to {@code most} visible characters: neither spaces nor control characters. */
  public static String visible(String field, @Nullable String value, int most) {
    String text = present(field, value);
    check(
        !text.isEmpty() && length(text) <= most && text.codePoints().allMatch(Form::isVisible),
        field,
        field + " must be 1 to " + most + " visible characters, without spaces");
    return text;
  }

  /** A secret of so many characters, which is never repeated in an answer. */
  public static String secret(String field, @Nullable String value, int least, int most) {
    String text = present(field, value);
    check(
        text.length() >= least
            && text.length() <= most
            && text.chars().allMatch(c -> c > ' ' && c < 127),
        field,
        field + " must be " + least + " to " + most + " visible ASCII characters");
    return text;
  }

  /** 64 digits of lower-case hex. */
  public static String sha256(String field, @Nullable String value) {
    String hash = present(field, value);
    check(
        SHA256.matcher(hash).matches(),
        field,
        field + " must be a SHA-256: 64 characters of 0-9 a-f");
    return hash;
  }

  /** An org's id. */
  public static String org(String field, @Nullable String value) {
    String org = present(field, value);
    check(
        ORG.matcher(org).matches(),
        field,
        field + " must be 1 to 63 of a-z 0-9 - _ . and begin with a letter or digit");
    return org;
  }

  /** A worker's name. */
  public static String name(String field, @Nullable String value) {
    String name = present(field, value);
    check(
        NAME.matcher(name).matches(),
        field,
        field + " must be 1 to 63 of a-z A-Z 0-9 - _ . and begin with a letter or digit");
    return name;
  }

  /** A number within limits, both included. */
  public static long within(String field, long value, long least, long most) {
    check(value >= least && value <= most, field, field + " must be " + least + " to " + most);
    return value;
  }

  /** A number within limits, or what holds where none is given. */
  public static int within(
      String field, @Nullable Integer value, int least, int most, int otherwise) {
    return value == null ? otherwise : (int) within(field, value.longValue(), least, most);
  }

  /** A whole number written as text, not negative. */
  public static long number(String field, String value) {
    check(value.matches("[0-9]{1,18}"), field, field + " must be a whole number");
    return Long.parseLong(value);
  }

  /** A number in the query, within limits, or what holds where none is given. */
  public static int query(
      String field, @Nullable String value, int least, int most, int otherwise) {
    if (value == null) {
      return otherwise;
    }
    check(
        value.matches("-?[0-9]{1,9}"),
        field,
        field + " must be a number, " + least + " to " + most);
    return (int) within(field, Long.parseLong(value), least, most);
  }

  /** At least one, at most so many. */
  public static <T> List<T> some(String field, List<T> values, int most) {
    if (values.isEmpty()) {
      throw Refusal.missing(field);
    }
    return atMost(field, values, most);
  }

  /** At most so many. */
  public static <T> List<T> atMost(String field, List<T> values, int most) {
    check(values.size() <= most, field, field + " must have at most " + most + " entries");
    return values;
  }

  /** A path below some folder, with forward slashes, that leads nowhere else. */
  public static String path(String field, @Nullable String value) {
    String path = present(field, value);
    check(
        !path.isBlank() && path.length() <= LONGEST_PATH && isOneLine(path),
        field,
        field + " must be a path of 1 to " + LONGEST_PATH + " characters");
    check(
        path.indexOf('\\') < 0 && !path.matches("^[A-Za-z]:.*"),
        field,
        field + " must be a relative path with forward slashes");
    check(!path.startsWith("/"), field, field + " must be a relative path");
    check(!path.startsWith("-"), field, field + " must not begin with '-'");
    check(
        List.of(path.split("/", -1)).stream().noneMatch(p -> p.equals("..") || p.isEmpty()),
        field,
        field + " must stay within the project: no '..' and no empty part");
    return path;
  }

  /** The rule holds, or the field is at fault. */
  public static void check(boolean holds, String field, String rule) {
    if (!holds) {
      throw Refusal.field(field, rule, "correct " + field);
    }
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean isOneLine(String text) {
    return text.codePoints().allMatch(c -> c == ' ' || isVisible(c));
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
