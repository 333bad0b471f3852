package dev.qgjob.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.api.access.KnownCallers;
import dev.qgjob.api.openapi.Document;
import dev.qgjob.client.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code -Dopenapi.write=true} writes the document anew. */
class OpenApiTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCUMENT =
      REPOSITORY.resolve("api-war/src/main/resources/dev/qgjob/api/openapi/openapi.json");

  @Test
  void theDocumentSaysWhatTheResourcesSay() throws Exception {
    List<Class<?>> resources =
        ApiApplication.resources(new Fakes().ports(), new KnownCallers(new Fakes())).stream()
            .<Class<?>>map(Object::getClass)
            .toList();
    String now = new Document(REPOSITORY).json(resources);
    if (Boolean.getBoolean("openapi.write")) {
      Files.createDirectories(DOCUMENT.getParent());
      Files.writeString(DOCUMENT, now);
    }
    assertThat(Files.readString(DOCUMENT))
        .as("openapi.json; write it anew with -Dopenapi.write=true")
        .isEqualTo(now);
  }

  @Test
  void whateverItRefersToIsThere() throws Exception {
    JsonNode document = Json.mapper().readTree(Files.readString(DOCUMENT));
    List<String> references = document.findValuesAsText("$ref");
    assertThat(references)
        .hasSizeGreaterThan(100)
        .allSatisfy(
            reference ->
                assertThat(document.at(reference.substring(1)).isObject()).as(reference).isTrue());
  }

  @Test
  void theServerTellsItToEverybody() throws Exception {
    try (RunningApi api = new RunningApi()) {
      var answer = api.get("/openapi.json", null);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(Files.readString(DOCUMENT));
    }
  }
}
