package dev.qgjob.scheduler.job;

import dev.qgjob.domain.job.Due;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.scheduler.database.Batches;
import dev.qgjob.scheduler.database.OneOf;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads and adds rows of jobs for the rooms beside this one. Nothing stays managed: a row is the
 * truth only at the moment it is read, and the next guarded update goes past any copy of it.
 */
public final class Jobs {
  /** Which of a group's jobs goes first: {@link Due#ORDER}. */
  public static final String IN_ORDER = " order by j.interrupted desc, j.dueAt, j.id";

  /**
   * The same for the jobs of one group in one state. What is fixed anyway is named as well: H2
   * reads in the order of an index only where the order names the index from its beginning, and
   * otherwise sorts all that the group has.
   */
  public static final String IN_ORDER_OF_GROUP =
      IN_ORDER.replace("order by ", "order by j.target, j.state, j.groupId, ");

  private final EntityManager entities;

  public Jobs(EntityManager entities) {
    this.entities = entities;
  }

  /** Adds new jobs of one group. */
  public void add(List<Job> jobs, String groupId) {
    Batches.insert(entities, jobs.stream().map(job -> NewJobRow.of(job, groupId)).toList());
  }

  /**
   * Jobs by a condition of Hibernate's query language over {@code JobRow j}, which may go on with
   * an order.
   */
  public List<Job> where(String condition, Map<String, ?> parameters, int most) {
    return read(query(condition, parameters).setMaxResults(most));
  }

  /** All jobs by a condition. */
  public List<Job> where(String condition, Map<String, ?> parameters) {
    return read(query(condition, parameters));
  }

  /** Those of these jobs that are there, locked until the transaction ends, in order of id. */
  List<Job> lock(Collection<String> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    OneOf some = new OneOf("id", ids);
    return read(
        some.in(query("j.id in " + some + " order by j.id", Map.of()))
            .setLockMode(LockModeType.PESSIMISTIC_WRITE));
  }

  /** As {@link #lock}, without those that others have locked. */
  List<Job> lockFree(Collection<String> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    OneOf some = new OneOf("id", ids);
    return rows(
        some.in(
            entities.createNativeQuery(
                "select * from job where id in " + some + " order by id for update skip locked",
                JobRow.class)));
  }

  /**
   * Jobs whose ids a query of SQL finds, in no order: translated by nobody, so for what is asked
   * often.
   */
  public List<Job> among(String idsSql, Map<String, ?> parameters) {
    Query query =
        entities.createNativeQuery(
            "select j.* from job j join (" + idsSql + ") found on found.id = j.id", JobRow.class);
    parameters.forEach(query::setParameter);
    return rows(query);
  }

  @SuppressWarnings("unchecked") // a native query of entities knows its type at run time only
  private List<Job> rows(Query query) {
    List<Job> jobs = ((List<JobRow>) query.getResultList()).stream().map(JobRow::toJob).toList();
    entities.clear();
    return jobs;
  }

  private TypedQuery<JobRow> query(String condition, Map<String, ?> parameters) {
    TypedQuery<JobRow> query =
        entities.createQuery("select j from JobRow j where " + condition, JobRow.class);
    parameters.forEach(query::setParameter);
    return query;
  }

  private List<Job> read(TypedQuery<JobRow> query) {
    List<Job> jobs = query.getResultList().stream().map(JobRow::toJob).toList();
    entities.clear();
    return jobs;
  }

  /** The condition of belonging to a group, with the parameters of {@link #ofGroup}. */
  public static final String OF_GROUP =
      "j.groupId = (select g.id from GroupRow g where g.orgId = :org"
          + " and g.appVersionId = :version and g.build = :build and g.target = :target)";

  /** What {@link #OF_GROUP} asks for. */
  public static Map<String, Object> ofGroup(GroupKey group) {
    return Map.of(
        "org", group.orgId(),
        "version", group.appVersionId(),
        "build", group.build(),
        "target", group.target());
  }
}
