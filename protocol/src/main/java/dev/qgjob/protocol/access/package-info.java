/** Who may do what: orgs, tokens, and the enrolment of workers. */
@NullMarked
package dev.qgjob.protocol.access;

import org.jspecify.annotations.NullMarked;
