package dev.qgjob.api.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlacesTest {
  private final Places places = new Places(2, 3);

  @Test
  void anOrgHasSoManyAndNoMore() {
    assertThat(places.take("a")).isTrue();
    assertThat(places.take("a")).isTrue();
    assertThat(places.take("a")).isFalse();
    assertThat(places.take("b")).isTrue();
  }

  @Test
  void allTogetherHaveSoMany() {
    assertThat(places.take("a") && places.take("b") && places.take("c")).isTrue();
    assertThat(places.take("d")).isFalse();
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    places.take("a");
    places.take("a");
    places.give("a");
    assertThat(places.take("a")).isTrue();
  }
}
