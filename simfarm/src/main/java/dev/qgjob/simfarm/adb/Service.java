package dev.qgjob.simfarm.adb;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** One conversation over one stream. */
@FunctionalInterface
public interface Service {
  /**
   * Talks over the stream. May block its thread; a service that only waits should rather return.
   *
   * @return completes when the stream is to be closed
   * @throws IOException if the peer went away; the stream is closed then
   */
  CompletionStage<?> serve(AdbStream stream) throws IOException;
}
