/** Orgs, tokens and one-time codes as rows. Only hashes are kept. */
@NullMarked
package dev.qgjob.scheduler.access;

import org.jspecify.annotations.NullMarked;
