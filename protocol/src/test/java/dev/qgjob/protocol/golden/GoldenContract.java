package dev.qgjob.protocol.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every mapper of the wire must meet. Implement {@link #mapper()} in a test class of the
 * module that owns the mapper.
 */
public interface GoldenContract {

  /** The mapper under test. */
  ObjectMapper mapper();

  @TestFactory
  default Stream<DynamicTest> writesTheGoldenFile() {
    return Golden.all().stream()
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.name(),
                    () ->
                        // trees, since the order of a map's entries is not part of the promise
                        assertThat(mapper().readTree(mapper().writeValueAsBytes(golden.value())))
                            .isEqualTo(mapper().readTree(golden.json()))));
  }

  @TestFactory
  default Stream<DynamicTest> readsTheGoldenFile() {
    return Golden.all().stream()
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.name(),
                    () ->
                        assertThat((Object) mapper().readValue(golden.json(), golden.type()))
                            .isEqualTo(golden.value())));
  }
}
