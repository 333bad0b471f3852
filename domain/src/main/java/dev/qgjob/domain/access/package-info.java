/** Who may do what: orgs, tokens kept as hashes, one-time codes for workers. */
@NullMarked
package dev.qgjob.domain.access;

import org.jspecify.annotations.NullMarked;
