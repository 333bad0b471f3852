package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Target;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HeadsTest {
  private static GroupKey group(String org, int version) {
    return new GroupKey(org, "v" + version, 1, Target.EMULATOR);
  }

  private static Map<GroupKey, Integer> groups(String org, int count, int slots) {
    Map<GroupKey, Integer> groups = new HashMap<>();
    for (int i = 0; i < count; i++) {
      groups.put(group(org, i), slots);
    }
    return groups;
  }

  @Test
  void aFewGroupsAreLookedAtAsDeepAsThereAreSlots() {
    assertThat(Heads.most(groups("acme", 3, 0)).values()).containsOnly(64);
    assertThat(Heads.most(groups("acme", 3, 56)).values()).containsOnly(64);
    assertThat(Heads.most(groups("acme", 3, 57)).values()).containsOnly(128);
    assertThat(Heads.most(groups("acme", 3, 10_000)).values()).containsOnly(512);
  }

  @Test
  void whateverTheNumbersATickLooksAtNoMoreInAllThanItsBound() {
    for (int count : new int[] {1, 7, 100, 512, 1_000, 4_096}) {
      Map<GroupKey, Integer> most = Heads.most(groups("acme", count, 10_000));
      assertThat(most.values().stream().mapToInt(Integer::intValue).sum())
          .as("%d groups", count)
          .isBetween(Math.min(512 * count, Heads.IN_ALL / 2), Heads.IN_ALL);
    }
    assertThat(Heads.most(groups("acme", 5_000, 10_000)).values()).containsOnly(1);
  }

  @Test
  void anOrgOfOneGroupIsNotHiddenBehindTheManyOfAnother() {
    Map<GroupKey, Integer> groups = groups("flood", 5_000, 10_000);
    groups.put(group("small", 1), 10_000);
    Map<GroupKey, Integer> most = Heads.most(groups);
    assertThat(most).containsEntry(group("small", 1), 512);
    assertThat(most).containsEntry(group("flood", 1), 1);
  }

  @Test
  void nothingWaits() {
    assertThat(Heads.most(Map.of())).isEmpty();
  }
}
