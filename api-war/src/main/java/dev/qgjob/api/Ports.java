package dev.qgjob.api;

import dev.qgjob.api.event.WatcherLimits;
import dev.qgjob.api.fleet.BrokerSettings;
import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.event.Events;
import dev.qgjob.domain.explain.Explanations;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.health.Vitals;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.submit.Submissions;
import dev.qgjob.domain.submit.Vault;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * All that the API is built on: one inbound port for each room, who writes to those who watch and
 * how many they may be, where the broker is, and which version this is.
 */
record Ports(
    Access access,
    Submissions submissions,
    Reports reports,
    Explanations explanations,
    Fleet fleet,
    Leases leases,
    Artefacts artefacts,
    Vitals vitals,
    Events events,
    Vault vault,
    Executor executor,
    WatcherLimits watchers,
    Supplier<BrokerSettings> broker,
    String version) {}
