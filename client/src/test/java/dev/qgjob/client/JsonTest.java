package dev.qgjob.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.golden.GoldenContract;
import org.junit.jupiter.api.Test;

class JsonTest implements GoldenContract {

  @Override
  public ObjectMapper mapper() {
    return Json.mapper();
  }

  @Test
  void understandsANewerServer() throws Exception {
    EnrolmentCode read =
        Json.mapper()
            .readValue(
                "{\"code\":\"c\",\"expires_at\":\"2026-01-01T00:00:00Z\",\"uses\":3}",
                EnrolmentCode.class);

    assertThat(read.code()).isEqualTo("c");
  }
}
