/**
 * The AppWright project as one file: what git sees of it, packed so that the same tree gives the
 * same bytes. Nothing outside the project gets in.
 */
@NullMarked
package dev.qgjob.cli.bundle;

import org.jspecify.annotations.NullMarked;
