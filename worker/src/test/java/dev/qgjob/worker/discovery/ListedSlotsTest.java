package dev.qgjob.worker.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.protocol.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListedSlotsTest {
  private static final Found PHONE =
      new Found(Target.DEVICE, "10.0.0.7:5555", Map.of("shelf", "2"));
  private static final Found OTHER = new Found(Target.DEVICE, "10.0.0.8:5555", Map.of());
  private static final Duration RETRY = Duration.ofMillis(20);

  @TempDir private Path locks;

  private static List<List<Found>> follow(SlotSource source) {
    List<List<Found>> told = new CopyOnWriteArrayList<>();
    source.start(told::add);
    return told;
  }

  @Test
  void aPhoneOfTwoListsIsOneWorkersUntilThatEnds() {
    try (ListedSlots first = new ListedSlots(List.of(PHONE), locks, RETRY);
        ListedSlots second = new ListedSlots(List.of(PHONE, OTHER), locks, RETRY)) {
      assertThat(follow(first)).containsExactly(List.of(PHONE));
      List<List<Found>> told = follow(second);
      assertThat(told)
          .containsExactly(
              List.of(
                  Found.unavailable(
                      Target.DEVICE, "10.0.0.7:5555", "another worker on this host has it"),
                  OTHER));
      first.close();
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(() -> assertThat(told).last().isEqualTo(List.of(PHONE, OTHER)));
    }
  }

  @Test
  void anEmptyListIsTold() {
    try (ListedSlots none = new ListedSlots(List.of(), locks, RETRY)) {
      assertThat(follow(none)).containsExactly(List.of());
    }
  }

  @Test
  void whereNoLockCanBeTakenThePhoneIsShownWithThat() throws IOException {
    Path file = Files.createFile(locks.resolve("file"));
    try (ListedSlots slots = new ListedSlots(List.of(PHONE), file, RETRY)) {
      assertThat(follow(slots).get(0).get(0).capabilities().get(Found.UNAVAILABLE))
          .startsWith("its lock cannot be taken: ");
    }
  }

  @Test
  void aPhoneThatTwoSourcesTellOfIsTheFirstOnes() {
    Found session = new Found(Target.BROWSERSTACK, "10.0.0.8:5555", Map.of());
    try (Together together =
        new Together(
            List.of(
                SlotSource.fixed(List.of(session)),
                SlotSource.fixed(List.of(PHONE)),
                SlotSource.fixed(
                    List.of(
                        Found.unavailable(Target.DEVICE, PHONE.udid(), "seen by adb"), OTHER))))) {
      assertThat(follow(together)).containsExactly(List.of(session, PHONE, OTHER));
    }
  }
}
