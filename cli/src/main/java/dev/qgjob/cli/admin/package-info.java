/** Orgs, tokens and enrolment codes, for who runs the installation. */
@NullMarked
package dev.qgjob.cli.admin;

import org.jspecify.annotations.NullMarked;
