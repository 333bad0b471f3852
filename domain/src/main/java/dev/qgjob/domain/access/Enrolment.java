package dev.qgjob.domain.access;

import java.time.Instant;

/** A one-time code for a worker, told once. */
public record Enrolment(String code, Instant expiresAt) {}
