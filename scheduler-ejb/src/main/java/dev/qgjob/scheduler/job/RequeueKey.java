package dev.qgjob.scheduler.job;

import jakarta.persistence.Embeddable;

/** Which generation of which job. */
@Embeddable
record RequeueKey(String jobId, long generation) {}
