package dev.qgjob.api.openapi;

import dev.qgjob.api.access.Open;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The description of this API as an OpenAPI document. Thread-safe. */
@Path("/")
public final class OpenApiResource {
  private final byte[] document = document();

  /** This document. */
  @GET
  @Path("openapi.json")
  @Produces(MediaType.APPLICATION_JSON)
  @Open(because = "whoever writes a client has no token yet")
  @Answers(byte[].class)
  public InputStream openapi() {
    return new ByteArrayInputStream(document);
  }

  private static byte[] document() {
    try (InputStream in = OpenApiResource.class.getResourceAsStream("openapi.json")) {
      return Objects.requireNonNull(in, "openapi.json is not among the classes").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
