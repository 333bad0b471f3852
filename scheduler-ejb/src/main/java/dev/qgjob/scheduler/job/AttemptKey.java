package dev.qgjob.scheduler.job;

import jakarta.persistence.Embeddable;

/** Which attempt; {@code number} from 1. */
@Embeddable
record AttemptKey(String jobId, int number) {}
