/** Bytes in files or objects named by their SHA-256, and the rows that say whose they are. */
@NullMarked
package dev.qgjob.scheduler.artefact;

import org.jspecify.annotations.NullMarked;
