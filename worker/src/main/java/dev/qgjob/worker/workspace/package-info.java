/**
 * What a run needs on disk: bundles, dependencies and apps, each kept once by its digest.
 *
 * <p>The room promises that an archive can write nowhere but into its own folder, that a cached
 * entry is whole or absent, and that a spec that writes beside itself spoils nothing of the next
 * job. It does not keep out a spec that means harm: that one runs as the same user.
 */
@NullMarked
package dev.qgjob.worker.workspace;

import org.jspecify.annotations.NullMarked;
