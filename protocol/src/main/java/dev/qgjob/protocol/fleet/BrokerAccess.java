package dev.qgjob.protocol.fleet;

/** Where and as whom a worker consumes. {@code url} is a client URL without options. */
public record BrokerAccess(String url, String user, String password) {}
