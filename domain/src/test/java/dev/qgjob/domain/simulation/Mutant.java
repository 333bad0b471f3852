package dev.qgjob.domain.simulation;

/** A server or worker that is broken on purpose: the referee must catch each. */
enum Mutant {
  NONE,
  /** the guarded update asks for nothing, and results have no unique key */
  GUARD_OF_NOTHING,
  /** the guarded update does not ask whether the lease lives */
  GUARD_WITHOUT_LEASE,
  /** a beat renews a lease that has run out */
  BEAT_THAT_REVIVES,
  /** the sweep compares with a clock that is ahead of the database's */
  SWEEP_BY_ANOTHER_CLOCK,
  /** the worker acknowledges a message before it knows what became of its claim, and asks once */
  ACKNOWLEDGE_BEFORE_THE_ANSWER,
  /** now and then a message is not sent, and noted as sent */
  LOST_PUBLISH,
  /** nobody looks for messages that no slot reports */
  NO_SEARCH_FOR_LOST_MESSAGES,
  /** nobody looks for leases that ran out */
  NO_SWEEP_OF_LEASES,
  /** the token that was granted a claim finds the job taken when it asks again */
  CLAIM_GRANTED_ONCE,
  /** a registration ends the earlier leases whatever it shows of the state folder */
  REGISTRATION_WITHOUT_PROOF,
  /** a registration that is sent again, or comes late, begins one more start */
  REGISTRATION_COUNTED_AGAIN,
  /** jobs that broke together are sent to one worker together again */
  SUSPECTS_TOGETHER,
  /** the key of a submission is kept, and never looked at */
  SUBMISSION_WITHOUT_KEY,
  /** the worker runs on when it cannot prove its lease any more */
  WORKER_WITHOUT_LEASE_CLOCK
}
