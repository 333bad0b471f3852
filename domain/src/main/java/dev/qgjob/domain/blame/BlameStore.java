package dev.qgjob.domain.blame;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Outbound: what attempts that disagree have told. Calls run in the caller's transaction. */
public interface BlameStore {
  /** Notes it; once is enough. */
  void leaks(StateLeak leak);

  /** Those of these specs that are known to leak state. */
  Set<String> leaking(String orgId, String packageName, Collection<String> specs);

  /** Holds these specs for sound again; those that were not noted are passed over. */
  void forgetLeaks(String orgId, String packageName, Collection<String> specs);

  /** A job passed on this slot: notes those of its attempts that failed on other ones. */
  void passedOn(String jobId, String slotId);

  /** How many attempts failed on a slot within this time and passed elsewhere, by slot id. */
  Map<String, Integer> doubts(Duration within);

  /** For who plays jobs through without a database: keeps nothing. */
  BlameStore FORGETFUL =
      new BlameStore() {
        @Override
        public void leaks(StateLeak leak) {}

        @Override
        public Set<String> leaking(String orgId, String packageName, Collection<String> specs) {
          return Set.of();
        }

        @Override
        public void forgetLeaks(String orgId, String packageName, Collection<String> specs) {}

        @Override
        public void passedOn(String jobId, String slotId) {}

        @Override
        public Map<String, Integer> doubts(Duration within) {
          return Map.of();
        }
      };
}
