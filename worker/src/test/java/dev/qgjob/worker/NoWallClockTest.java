package dev.qgjob.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.RegisterWorker;
import dev.qgjob.protocol.fleet.Rejection;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finish;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host whose clock is five minutes off works like any other: nobody asks that clock. */
class NoWallClockTest {
  /** BrowserStack's uploads expire; a registration's number rises whatever the clock says. */
  private static final Set<String> MAY =
      Set.of("Equipment.class", "Registrations.class", "StateFolder.class");

  @ParameterizedTest
  @ValueSource(strings = {"", "lease", "link", "slot", "run"})
  void whatDecidesAboutLeasesAsksNoWallClock(String room) throws Exception {
    List<Path> classes = classes(room);
    assertThat(classes).isNotEmpty();
    for (Path one : classes) {
      // names of methods and types stand in a class file as they are
      assertThat(Files.readString(one, StandardCharsets.ISO_8859_1))
          .as(one.getFileName().toString())
          .doesNotContain("currentTimeMillis", "java/time/Clock", "java/util/Date");
      if (!MAY.contains(one.getFileName().toString())) {
        assertThat(Files.readString(one, StandardCharsets.ISO_8859_1))
            .as(one.getFileName().toString())
            .doesNotContain("java/time/Instant");
      }
    }
  }

  private static List<Path> classes(String room) throws IOException, URISyntaxException {
    Path all =
        Path.of(Worker.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("dev/qgjob/worker")
            .resolve(room);
    try (Stream<Path> files = Files.list(all)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }

  @Test
  void whatAWorkerTellsTheServerHoldsNoTimeOfItsClock() {
    for (Class<?> told :
        List.of(RegisterWorker.class, Beat.class, Claim.class, Finish.class, Rejection.class)) {
      assertThat(types(told)).noneMatch(Temporal.class::isAssignableFrom).hasSizeGreaterThan(1);
    }
  }

  private static List<Class<?>> types(Class<?> type) {
    List<Class<?>> found = new ArrayList<>(List.of(type));
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        found.addAll(types(component.getType()));
        if (component.getGenericType() instanceof ParameterizedType generic) {
          for (Type argument : generic.getActualTypeArguments()) {
            found.addAll(types((Class<?>) argument));
          }
        }
      }
    }
    return found;
  }
}
