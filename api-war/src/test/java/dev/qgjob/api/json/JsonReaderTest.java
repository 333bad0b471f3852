package dev.qgjob.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.api.problem.ProblemMapper;
import dev.qgjob.api.problem.Trouble;
import dev.qgjob.protocol.access.EnrolWorker;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
  private static final InputStream BROKEN =
      new InputStream() {
        @Override
        public int read() throws IOException {
          throw new IOException("Remote peer closed connection before all data could be read");
        }
      };

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void read(String length) throws IOException {
    var headers = new MultivaluedHashMap<String, String>();
    headers.putSingle(HttpHeaders.CONTENT_LENGTH, length);
    new JsonReader(ApiJson.mapper())
        .readFrom(
            (Class) EnrolWorker.class,
            EnrolWorker.class,
            new Annotation[0],
            MediaType.APPLICATION_JSON_TYPE,
            headers,
            BROKEN);
  }

  @Test
  void aClientThatHangsUpIsNoMistakeOfTheServers() {
    for (String length : new String[] {"100", "10000000"}) {
      assertThatThrownBy(() -> read(length))
          .satisfies(
              thrown -> {
                var answer = new ProblemMapper().toResponse(thrown);
                assertThat(answer.getStatus()).isEqualTo(400);
                // what has a cause is logged with its trace
                assertThat(((Trouble) answer.getEntity()).cause()).isNull();
              });
    }
  }
}
