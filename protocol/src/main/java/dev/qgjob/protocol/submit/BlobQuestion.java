package dev.qgjob.protocol.submit;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** Which of these blobs (SHA-256 in lower-case hex) does the org's store lack? */
public record BlobQuestion(List<String> sha256s) {
  public BlobQuestion {
    sha256s = Wire.orEmpty(sha256s);
  }
}
