package dev.qgjob.domain.submit;

import java.util.Map;
import java.util.Optional;

/** Inbound: seals what may not lie in the database in clear, and opens it again. Thread-safe. */
public interface Vault {
  /** Never the same text twice, so that nobody sees whether two runs have the same secrets. */
  String seal(Map<String, String> secrets);

  /** Empty where another key was used to seal it, or where it was changed since. */
  Optional<Map<String, String>> open(String sealed);
}
