package dev.qgjob.protocol.fleet;

/** A build that a slot holds. */
public record Holding(String packageName, String sha256) {}
