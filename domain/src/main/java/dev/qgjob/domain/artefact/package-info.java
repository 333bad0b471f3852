/** Bytes by their SHA-256: bundles, apps, and the files of attempts. */
@NullMarked
package dev.qgjob.domain.artefact;

import org.jspecify.annotations.NullMarked;
