package dev.qgjob.worker.browserstack;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How busy an account is, as {@code plan.json} says it: whoever uses it.
 *
 * @param most sessions that may run at once, of the team and of the user
 * @param running sessions that run
 * @param queued sessions that wait at BrowserStack
 */
record Plan(int most, int running, int queued) {
  static Plan of(JsonNode json) {
    return new Plan(
        Math.min(
            json.path("team_parallel_sessions_max_allowed").asInt(Integer.MAX_VALUE),
            json.path("parallel_sessions_max_allowed").asInt(Integer.MAX_VALUE)),
        json.path("parallel_sessions_running").asInt(),
        json.path("queued_sessions").asInt());
  }

  /** Sessions that have a parallel or wait for one. */
  int asked() {
    return running + queued;
  }
}
