package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.report.Artefact;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.List;

/** The files of many jobs at a time, for the rooms beside this one. */
public final class ArtefactFiles {
  private final EntityManager entities;

  public ArtefactFiles(EntityManager entities) {
    this.entities = entities;
  }

  /** Files of these jobs by job, attempt and name. */
  public List<Artefact> of(Collection<String> jobIds) {
    if (jobIds.isEmpty()) {
      return List.of();
    }
    List<Artefact> files =
        entities
            .createQuery(
                """
                select a from ArtefactRow a where a.key.jobId in :jobs
                order by a.key.jobId, a.key.attempt, a.key.name
                """,
                ArtefactRow.class)
            .setParameter("jobs", jobIds)
            .getResultStream()
            .map(ArtefactRow::toArtefact)
            .toList();
    entities.clear();
    return files;
  }
}
