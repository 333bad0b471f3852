package dev.qgjob.api.openapi;

import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a resource method answers whose own type does not say it; the API's description reads it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Answers {
  /** Of the body: a record of the protocol, bytes, text, or nothing. */
  Class<?> value() default void.class;

  /** Each that means that all is well, and 503 where its body is the same. */
  int[] status() default 200;

  /** Of a body. */
  String media() default MediaType.APPLICATION_JSON;
}
