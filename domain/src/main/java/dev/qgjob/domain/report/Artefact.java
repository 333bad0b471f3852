package dev.qgjob.domain.report;

/** A kept file of an attempt; {@code size} in bytes. */
public record Artefact(
    String jobId, int attempt, String name, String contentType, long size, String sha256) {}
