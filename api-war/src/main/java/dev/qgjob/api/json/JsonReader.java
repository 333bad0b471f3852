package dev.qgjob.api.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.artefact.BodyCutOff;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record from a JSON body of at most {@link #LARGEST} bytes, whether its length was told or
 * not, and says what is wrong with one that cannot be read. Thread-safe.
 */
@Consumes(MediaType.APPLICATION_JSON)
public final class JsonReader implements MessageBodyReader<Object> {
  /** Bytes that a JSON body may have. */
  public static final int LARGEST = 8 << 20;

  private static final long MOST_DROPPED = 64L << 20;

  private final ObjectMapper mapper;

  public JsonReader(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  @Override
  public boolean isReadable(Class<?> type, Type generic, Annotation[] on, MediaType media) {
    return type.isRecord();
  }

  @Override
  public Object readFrom(
      Class<Object> type,
      Type generic,
      Annotation[] on,
      MediaType media,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    if (isLarge(headers.getFirst(HttpHeaders.CONTENT_LENGTH))) {
      throw tooLarge(body);
    }
    byte[] bytes = bytes(body);
    if (bytes.length > LARGEST) {
      throw tooLarge(body);
    }
    return parse(type, bytes);
  }

  /** Whoever hangs up is no fault of the server's. */
  private static byte[] bytes(InputStream body) {
    try {
      return body.readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw new BodyCutOff("the body ended before its end: " + e.getMessage());
    }
  }

  private static boolean isLarge(@Nullable String length) {
    return length != null && length.matches("[0-9]{1,18}") && Long.parseLong(length) > LARGEST;
  }

  private Object parse(Class<Object> type, byte[] bytes) {
    try {
      @Nullable Object value = bytes.length == 0 ? null : mapper.readValue(bytes, type);
      if (value == null) {
        throw Refusal.of(
            400, "missing-body", "the request has no body", "send a JSON object as its body");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw JsonProblems.of(e);
    } catch (IOException e) {
      // the bytes are at hand already: only their encoding can be wrong
      throw JsonProblems.malformed("it is not UTF-8");
    }
  }

  // a client that still sends would see a broken connection and not the answer: hear it out a while
  private static Refusal tooLarge(InputStream body) {
    byte[] dropped = new byte[1 << 16];
    long most = MOST_DROPPED;
    try {
      for (int read = 0; read >= 0 && most > 0; most -= read) {
        read = body.read(dropped);
      }
    } catch (IOException e) {
      throw new BodyCutOff("the body ended before its end: " + e.getMessage());
    }
    return Refusal.tooLarge(
        "the JSON body has more than " + (LARGEST >> 20) + " MiB", "split the request");
  }
}
