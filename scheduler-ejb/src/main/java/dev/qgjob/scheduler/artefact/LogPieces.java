package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.artefact.Artefacts.Upload;
import jakarta.persistence.EntityManager;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** Logs that grow, piece by piece without a gap. */
final class LogPieces {
  private final EntityManager entities;

  LogPieces(EntityManager entities) {
    this.entities = entities;
  }

  Upload append(String jobId, int attempt, int from, byte[] piece) {
    int length = length(jobId, attempt);
    if (from > length) {
      return Upload.OUT_OF_STEP;
    }
    int end = from + piece.length;
    if (end > length) {
      insert(jobId, attempt, length, end, Arrays.copyOfRange(piece, length - from, piece.length));
    }
    return Upload.STORED;
  }

  /** A copy of the request that is under way elsewhere finds the row there, and nothing to do. */
  private void insert(String jobId, int attempt, int from, int end, byte[] piece) {
    entities
        .createNativeQuery(
            """
            insert ignore into log_piece (job_id, attempt, from_byte, to_byte, piece)
            values (:job, :attempt, :start, :end, :piece)
            """)
        .setParameter("job", jobId)
        .setParameter("attempt", attempt)
        .setParameter("start", from)
        .setParameter("end", end)
        .setParameter("piece", piece)
        .executeUpdate();
  }

  private int length(String jobId, int attempt) {
    return entities
        .createQuery(
            """
            select coalesce(max(p.toByte), 0) from LogPieceRow p
            where p.key.jobId = :job and p.key.attempt = :attempt
            """,
            Integer.class)
        .setParameter("job", jobId)
        .setParameter("attempt", attempt)
        .getSingleResult();
  }

  byte[] from(String jobId, int attempt, long from) {
    List<LogPieceRow> rows =
        entities
            .createQuery(
                """
                select p from LogPieceRow p where p.key.jobId = :job and p.key.attempt = :attempt
                and p.toByte > :from order by p.key.fromByte
                """,
                LogPieceRow.class)
            .setParameter("job", jobId)
            .setParameter("attempt", attempt)
            .setParameter("from", (int) Math.min(from, Integer.MAX_VALUE))
            .getResultList();
    entities.clear();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (LogPieceRow row : rows) {
      int skipped = (int) Math.max(0, from - row.key.fromByte());
      all.write(row.piece, skipped, row.piece.length - skipped);
    }
    return all.toByteArray();
  }

  void drop(String jobId, int attempt) {
    entities
        .createQuery(
            "delete from LogPieceRow p where p.key.jobId = :job and p.key.attempt = :attempt")
        .setParameter("job", jobId)
        .setParameter("attempt", attempt)
        .executeUpdate();
  }
}
