package dev.qgjob.protocol.report;

import dev.qgjob.protocol.JobState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a job is where it is, as of one moment. The times hold as long as nothing more urgent is
 * submitted: as likely earlier as later (p50), and nine times of ten not later (p90). They are
 * absent where nobody can say.
 *
 * @param constraint the one thing that holds it up: {@code ended}, {@code running}, {@code
 *     backing-off}, {@code no-live-slot}, {@code no-slot-as-wished}, {@code org-cap}, {@code
 *     target-cap}, {@code at-busy-slot}, {@code sent}, {@code resource}, {@code kept-apart}, {@code
 *     behind-its-group}, {@code installing}, {@code all-slots-busy}, {@code slots-kept}, {@code
 *     next}
 * @param line the same in one line, with what and until about when
 * @param remedy what would let it go on
 * @param position its place among the waiting jobs of its group, from 1; 0 where it does not wait
 * @param waiting how many jobs of its group wait
 */
public record ExplanationView(
    String jobId,
    JobState state,
    String constraint,
    String line,
    String remedy,
    int position,
    int waiting,
    @Nullable Instant startP50,
    @Nullable Instant startP90,
    @Nullable Instant finishP50,
    @Nullable Instant finishP90) {}
