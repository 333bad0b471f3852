package dev.qgjob.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.qgjob.api.access.AccessFeature;
import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.KnownCallers;
import dev.qgjob.api.access.Open;
import dev.qgjob.domain.access.Role;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.glassfish.jersey.jdkhttp.JdkHttpServerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GuardTest {
  private static final RunningApi API = new RunningApi();
  private static final List<Endpoint> ENDPOINTS = Endpoint.all();

  @AfterAll
  static void stop() {
    API.close();
  }

  @Test
  void onlyHealthEnrolmentSignedPagesAndTheDescriptionAreOpen() {
    assertThat(ENDPOINTS.stream().filter(e -> e.allowed().isEmpty()).map(Endpoint::toString))
        .containsExactlyInAnyOrder(
            "GET health",
            "GET health/ready",
            "GET health/live",
            "GET openapi.json",
            "POST workers/enrol",
            "GET runs/{run}/page",
            "GET runs/{run}/page/{job}/{attempt: [0-9]+}/{name}");
  }

  @Test
  void everyAddressOfTheProtocolIsThere() {
    assertThat(ENDPOINTS).hasSize(54);
  }

  @TestFactory
  Stream<DynamicTest> asksForAToken() {
    return guarded()
        .map(
            e ->
                dynamicTest(
                    e.toString(),
                    () -> {
                      var none = e.call(API, null);
                      assertThat(none.status()).isEqualTo(401);
                      assertThat(none.header("WWW-Authenticate"))
                          .isEqualTo("Bearer realm=\"qgjob\"");
                      assertThat(none.text("type")).isEqualTo("unauthenticated");
                      var wrong = e.call(API, "wrong");
                      assertThat(wrong.status()).isEqualTo(401);
                      assertThat(wrong.header("WWW-Authenticate")).contains("invalid_token");
                    }));
  }

  @TestFactory
  Stream<DynamicTest> letsInTheRolesThatItNamesAndNoOther() {
    return guarded()
        .flatMap(
            e ->
                Stream.of(Role.values())
                    .map(
                        role ->
                            dynamicTest(
                                e + " as " + role,
                                () -> {
                                  int before = API.fakes.changes.size();
                                  int status = e.call(API, role.name().toLowerCase()).status();
                                  if (e.allowed().contains(role)) {
                                    assertThat(status).isNotIn(401, 403, 404, 405, 500);
                                  } else {
                                    assertThat(status).isEqualTo(403);
                                    assertThat(API.fakes.changes).hasSize(before);
                                  }
                                })));
  }

  @TestFactory
  Stream<DynamicTest> hidesWhatBelongsToAnotherOrg() {
    return guarded()
        .filter(e -> e.allowed().contains(Role.SUBMITTER) || e.allowed().contains(Role.VIEWER))
        .filter(
            e ->
                !e.method().equals("PUT")
                    && e.path().matches(".*\\{(run|job|app_version|sha256).*"))
        .flatMap(
            e ->
                Stream.of(Role.SUBMITTER, Role.VIEWER)
                    .filter(e.allowed()::contains)
                    .map(
                        role ->
                            dynamicTest(
                                e + " as a foreign " + role,
                                () -> {
                                  int before = API.fakes.changes.size();
                                  var answer = e.call(API, "other-" + role.name().toLowerCase());
                                  assertThat(answer.status()).isEqualTo(404);
                                  assertThat(answer.text("type")).startsWith("unknown-");
                                  assertThat(API.fakes.changes).hasSize(before);
                                })));
  }

  @TestFactory
  Stream<DynamicTest> aWorkerActsForItselfOnly() {
    return guarded()
        .filter(e -> e.path().contains("{worker}"))
        .map(
            e ->
                dynamicTest(
                    e.toString(),
                    () -> {
                      int before = API.fakes.changes.size();
                      var answer = e.call(API, "other-worker");
                      assertThat(answer.status()).isEqualTo(404);
                      assertThat(answer.text("type")).isEqualTo("unknown-worker");
                      assertThat(API.fakes.changes).hasSize(before);
                    }));
  }

  @Test
  void aMethodThatSaysNothingKeepsTheApiFromStarting() {
    var config =
        new ResourceConfig()
            .register(new AccessFeature(new KnownCallers(new Fakes())))
            .register(new Forgotten());
    assertThatThrownBy(
            () ->
                JdkHttpServerFactory.createHttpServer(
                    URI.create("http://127.0.0.1:0/"), config, false))
        .hasStackTraceContaining("must say @Allowed or @Open");
  }

  private static Stream<Endpoint> guarded() {
    return ENDPOINTS.stream().filter(e -> !e.allowed().isEmpty());
  }

  /** Somebody forgot to say who may call it. */
  @Path("/forgotten")
  public static final class Forgotten {
    @GET
    public String get() {
      return "open to all";
    }
  }

  /** A resource method and how to call it. */
  record Endpoint(String method, String path, Set<Role> allowed, String contentType) {
    private static final Map<String, String> IDS =
        Map.of(
            "run",
            "r1",
            "job",
            "j1",
            "worker",
            "w1",
            "org",
            "own",
            "token",
            "t1",
            "sha256",
            Fakes.SHA,
            "attempt",
            "1",
            "name",
            "report.html",
            "app_version",
            "v/1",
            "slot",
            "s1");
    private static final Map<String, String> BODIES =
        Map.of("application/json", "{}", "application/octet-stream", "bytes");

    static List<Endpoint> all() {
      List<Endpoint> endpoints = new ArrayList<>();
      for (Object resource :
          ApiApplication.resources(new Fakes().ports(), new KnownCallers(new Fakes()))) {
        for (Method method : resource.getClass().getDeclaredMethods()) {
          for (Annotation annotation : method.getAnnotations()) {
            HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (http != null) {
              endpoints.add(of(http.value(), method));
            }
          }
        }
      }
      return endpoints;
    }

    private static Endpoint of(String http, Method method) {
      Allowed allowed = method.getAnnotation(Allowed.class);
      assertThat(allowed == null).isEqualTo(method.isAnnotationPresent(Open.class));
      Consumes consumes = method.getAnnotation(Consumes.class);
      return new Endpoint(
          http,
          method.getAnnotation(Path.class).value(),
          allowed == null ? Set.of() : Set.of(allowed.value()),
          consumes == null ? null : consumes.value()[0]);
    }

    RunningApi.Answer call(RunningApi api, String token) {
      String address = "/" + path.replaceAll(": [^}]*}", "}");
      for (var id : IDS.entrySet()) {
        address = address.replace("{" + id.getKey() + "}", id.getValue());
      }
      return api.send(
          method,
          address,
          token,
          contentType == null ? null : BODIES.get(contentType),
          contentType == null ? Map.of() : Map.of("Content-Type", contentType));
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }
}
