/**
 * The AppWright project on disk, and what its config says. The config is a program: it is evaluated
 * with node, with or without its dependencies, and never trusted to answer in time.
 */
@NullMarked
package dev.qgjob.cli.project;

import org.jspecify.annotations.NullMarked;
