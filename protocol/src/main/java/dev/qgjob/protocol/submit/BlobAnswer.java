package dev.qgjob.protocol.submit;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** The blobs that must still be uploaded. */
public record BlobAnswer(List<String> missing) {
  public BlobAnswer {
    missing = Wire.orEmpty(missing);
  }
}
