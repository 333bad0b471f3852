package dev.qgjob.protocol.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.qgjob.protocol.Wire;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoldenTest implements GoldenContract {
  // strict: an unknown field in a golden file is one that no record has
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .enable(com.fasterxml.jackson.databind.DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .build();

  @Override
  public ObjectMapper mapper() {
    return STRICT;
  }

  @Test
  void everyRecordHasAGoldenFile() throws Exception {
    Set<Class<?>> pinned = Golden.all().stream().map(Golden::type).collect(Collectors.toSet());
    assertThat(records()).isNotEmpty().allSatisfy(type -> assertThat(pinned).contains(type));
  }

  @Test
  void everyFieldIsSetInSomeGoldenFile() {
    assertThat(Golden.all().stream().filter(golden -> !golden.name().contains(".")))
        .allSatisfy(golden -> assertThat(golden.value()).hasNoNullFieldsOrProperties());
  }

  @Test
  void everyGoldenFileIsUsed() throws Exception {
    Path folder = Path.of(GoldenTest.class.getResource("/golden/Health.json").toURI()).getParent();
    Set<String> used =
        Golden.all().stream().map(golden -> golden.name() + ".json").collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(used);
    }
  }

  private static List<Class<?>> records() throws IOException, URISyntaxException {
    Path classes = Path.of(Wire.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .map(file -> classes.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && !file.contains("-info"))
          .map(file -> file.substring(0, file.length() - 6).replace('/', '.'))
          .<Class<?>>map(GoldenTest::load)
          .filter(Class::isRecord)
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, GoldenTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
