package dev.qgjob.domain.access;

/** Outbound: randomness. Thread-safe. */
@FunctionalInterface
public interface Secrets {
  /** 256 fresh random bits as text that fits into a header, a URL and a shell's word. */
  String next();
}
