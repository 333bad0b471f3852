package dev.qgjob.client;

/**
 * What the server answered, read and as it stands: a newer server's text has fields that this
 * client does not know and must pass on unharmed.
 */
public record Answer<T>(T body, String json) {}
