package dev.qgjob.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArquillianExtension.class)
@RunAsClient
@DisabledIf("dev.qgjob.it.ServerUnderTest#partsAreMissing")
class HealthIT {

  @Deployment(testable = false)
  static EnterpriseArchive ear() {
    return ServerUnderTest.ear();
  }

  @Test
  void jerseyAnswersThatTheServerIsReadyWithoutAToken() {
    var answer = ServerUnderTest.get("/api/v1/health");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(answer.body()).contains("\"live\":true", "\"ready\":true", "\"version\":\"");
  }

  @Test
  void aPageLiesBesideTheApi() {
    var answer = ServerUnderTest.get("/");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
  }
}
