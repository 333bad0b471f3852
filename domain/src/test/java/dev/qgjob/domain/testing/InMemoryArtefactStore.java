package dev.qgjob.domain.testing;

import dev.qgjob.domain.artefact.ArtefactLimits;
import dev.qgjob.domain.artefact.ArtefactStore;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.report.Artefact;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The in-memory twin of whose bytes are whose. */
public final class InMemoryArtefactStore implements ArtefactStore {
  private final JobStore jobs;
  private final FleetStore fleet;
  private final Set<String> owned = new HashSet<>();
  private final Map<String, Artefact> files = new LinkedHashMap<>();
  private final Map<String, byte[]> printed = new HashMap<>();

  /**
   * @param jobs where the leases are
   * @param fleet where the workers are
   */
  public InMemoryArtefactStore(JobStore jobs, FleetStore fleet) {
    this.jobs = jobs;
    this.fleet = fleet;
  }

  @Override
  public Set<String> owned(String orgId, Collection<String> sha256s) {
    return sha256s.stream()
        .filter(s -> owned.contains(orgId + "/" + s))
        .collect(Collectors.toSet());
  }

  @Override
  public void own(String orgId, String sha256, long size) {
    owned.add(orgId + "/" + sha256);
  }

  private boolean runs(String workerId, String jobId, int attempt, String leaseToken) {
    return jobs.find(jobId)
        .filter(j -> j.state() == JobState.RUNNING && j.attempt() == attempt)
        .map(Job::lease)
        .filter(l -> l.workerId().equals(workerId) && holds(l, leaseToken))
        .isPresent();
  }

  private boolean holds(Lease lease, String token) {
    return lease.token().equals(token) && lease.until().isAfter(jobs.now());
  }

  @Override
  public boolean mayRead(String workerId, String sha256) {
    return fleet
        .worker(workerId)
        .filter(w -> !w.untrusted() || needed(workerId).contains(sha256))
        .isPresent();
  }

  private Set<String> needed(String workerId) {
    return jobs.leasedBefore(workerId, Long.MAX_VALUE).stream()
        .flatMap(
            job ->
                Stream.concat(
                    Stream.of(jobs.run(job.runId()).orElseThrow().bundleSha256()),
                    jobs.build(job.group()).orElseThrow().blobs().stream()))
        .collect(Collectors.toSet());
  }

  /** Nothing is taken away here. */
  @Override
  public void idle(String sha256) {}

  @Override
  public Optional<Usage> usage(String workerId, String jobId, int attempt, String leaseToken) {
    return runs(workerId, jobId, attempt, leaseToken)
        ? Optional.of(usage(jobId, attempt))
        : Optional.empty();
  }

  private Usage usage(String jobId, int attempt) {
    String prefix = jobId + "/" + attempt + "/";
    var mine = files.entrySet().stream().filter(e -> e.getKey().startsWith(prefix)).toList();
    return new Usage(mine.size(), mine.stream().mapToLong(e -> e.getValue().size()).sum());
  }

  @Override
  public Upload attach(
      String workerId, Artefact artefact, String leaseToken, ArtefactLimits limits) {
    if (!runs(workerId, artefact.jobId(), artefact.attempt(), leaseToken)) {
      return Upload.FENCED;
    }
    String key = key(artefact.jobId(), artefact.attempt(), artefact.name());
    Artefact earlier = files.put(key, artefact);
    Usage usage = usage(artefact.jobId(), artefact.attempt());
    if (usage.files() <= limits.filesPerAttempt() && usage.bytes() <= limits.bytesPerAttempt()) {
      printed.remove(key);
      return Upload.STORED;
    }
    if (earlier == null) {
      files.remove(key);
    } else {
      files.put(key, earlier);
    }
    return Upload.TOO_LARGE;
  }

  @Override
  public Upload append(
      String workerId, String jobId, int attempt, String leaseToken, int from, byte[] piece) {
    if (!runs(workerId, jobId, attempt, leaseToken)) {
      return Upload.FENCED;
    }
    byte[] before = printed(jobId, attempt, 0);
    if (from + piece.length <= before.length) {
      return Upload.STORED;
    }
    if (from > before.length) {
      return Upload.OUT_OF_STEP;
    }
    byte[] now = Arrays.copyOf(before, from + piece.length);
    System.arraycopy(piece, 0, now, from, piece.length);
    printed.put(key(jobId, attempt, Artefacts.LOG), now);
    return Upload.STORED;
  }

  @Override
  public byte[] printed(String jobId, int attempt, long from) {
    byte[] all = printed.getOrDefault(key(jobId, attempt, Artefacts.LOG), new byte[0]);
    return Arrays.copyOfRange(all, (int) Math.min(from, all.length), all.length);
  }

  private static String key(String jobId, int attempt, String name) {
    return jobId + "/" + attempt + "/" + name;
  }

  @Override
  public Optional<Artefact> attached(String jobId, int attempt, String name) {
    return Optional.ofNullable(files.get(key(jobId, attempt, name)));
  }

  @Override
  public Optional<String> orgOf(String jobId) {
    return jobs.find(jobId).map(j -> j.group().orgId());
  }
}
