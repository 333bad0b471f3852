package dev.qgjob.protocol.access;

import dev.qgjob.protocol.Target;
import org.jspecify.annotations.Nullable;

/** How many jobs may run at once on a target, all orgs together; {@code cap} null: any number. */
public record TargetLimit(Target target, @Nullable Integer cap) {}
