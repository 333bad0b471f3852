package dev.qgjob.domain.blame;

/** A spec whose tests leak state, of one app: all its versions. */
public record StateLeak(String orgId, String packageName, String testPath) {}
