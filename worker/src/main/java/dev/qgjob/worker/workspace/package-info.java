/**
 * What a run needs on disk: bundles, dependencies and apps, each kept once by its digest.
 *
 * <p>The room promises that an archive can write nowhere but into its own folder, that a cached
 * entry is whole or absent, and that no spec can spoil what the next job will run.
 */
@NullMarked
package dev.qgjob.worker.workspace;

import org.jspecify.annotations.NullMarked;
