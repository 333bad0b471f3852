package dev.qgjob.protocol.access;

import java.time.Instant;

/** A one-time code for {@code qgjob-worker enrol}. */
public record EnrolmentCode(String code, Instant expiresAt) {}
