package dev.qgjob.protocol.access;

/**
 * A worker trades its one-time code for credentials. {@code name}: 1 to 64 of {@code a-z A-Z 0-9 -
 * _ .}
 */
public record EnrolWorker(String code, String name) {}
