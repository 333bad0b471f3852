package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedactionTest {
  /** What an encoding changes. */
  private static final String AWKWARD = "va\"ult\\47";

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static Redaction of(String... secrets) {
    Map<String, String> given = new java.util.HashMap<>();
    for (String secret : secrets) {
      given.put("S" + given.size(), secret);
    }
    return new Redaction(Map.of(), given);
  }

  @Test
  void aSecretIsTakenOutAsProgramsPrintItToo() throws IOException {
    Redaction redaction = of(AWKWARD);
    assertThat(redaction.apply("plain " + AWKWARD + "!")).isEqualTo("plain ***!");
    assertThat(redaction.apply(JSON.writeValueAsString(Map.of("pin", AWKWARD))))
        .as("as JSON has it")
        .isEqualTo("{\"pin\":\"***\"}");
    assertThat(redaction.apply("{ pin: 'va\"ult\\\\47' }"))
        .as("as Node shows an object")
        .isEqualTo("{ pin: '***' }");
  }

  @Test
  void textsOfADocumentAreCleanedAndItsNumbersAreNot() throws IOException {
    Redaction redaction = of(AWKWARD, "4711");
    assertThat(
            redaction.apply(
                JSON.readTree(
                    "{\"line\":4711,\"a\":[\"x va\\\"ult\\\\47\",null,{\"b\":\"4711\"}]}")))
        .isEqualTo(JSON.readTree("{\"line\":4711,\"a\":[\"x ***\",null,{\"b\":\"***\"}]}"));
  }

  @Test
  void ofWhatIsAddedOnlySecretsAreTakenOut() {
    Redaction redaction = of("vault");
    Map<String, String> more =
        Map.of("BROWSERSTACK_USERNAME", "annabel", "BROWSERSTACK_ACCESS_KEY", "hu\\sh");
    redaction.add(more);
    redaction.add(more);
    assertThat(redaction.apply("annabel:hu\\sh vault")).isEqualTo("annabel:*** ***");
  }

  private byte[] copied(Redaction redaction, byte[] text) throws IOException {
    Path from = Files.write(folder.resolve("from"), text);
    Path to = folder.resolve("to");
    redaction.copy(from, to, text.length);
    assertThat(from).as("is left as it is").hasBinaryContent(text);
    return Files.readAllBytes(to);
  }

  private String copied(Redaction redaction, String text) throws IOException {
    return new String(
        copied(redaction, text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  /** It is looked through in blocks, and a secret may lie on the border of two. */
  @Test
  void aSecretIsFoundWhereverItLiesInAFile() throws IOException {
    String secret = "vault-4711-ä";
    Redaction redaction = of(secret);
    int block = 64 * 1024;
    for (int before = block - 20; before < block + 20; before++) {
      String padding = ".".repeat(before);
      assertThat(copied(redaction, padding + secret + "<"))
          .as("after %d characters", before)
          .isEqualTo(padding + "***<");
    }
    assertThat(copied(redaction, secret)).isEqualTo("***");
    assertThat(copied(redaction, secret + secret.substring(0, 6))).isEqualTo("***vault-");
    assertThat(copied(redaction, "")).isEmpty();
  }

  @Test
  void nothingOfSecretsThatOverlapIsLeft() throws IOException {
    assertThat(copied(of("abcd", "cdefgh", "abcdx"), "<abcdefgh> <abcdx>"))
        .isEqualTo("<***> <***>");
  }

  /** Such as one that a test's child still writes to. */
  @Test
  void ofAFileWithoutAnEndNoCopyIsLeft() {
    Path to = folder.resolve("to");
    assertThatThrownBy(() -> of("vault-4711").copy(Path.of("/dev/zero"), to, 1 << 20))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than 1048576 bytes");
    assertThat(to).doesNotExist();
  }

  @Test
  void whatIsNoTextInUtf8IsCopiedAsItIs() throws IOException {
    byte[] bytes = new byte[200_000];
    new java.util.Random(1).nextBytes(bytes);
    assertThat(copied(of("vault-4711"), bytes)).isEqualTo(bytes);
  }
}
