/**
 * What need not be said on every command line: {@code .qgjob.yml} of the project and the
 * environment. A flag wins over the environment, and the environment over the file. The file comes
 * with the project, whoever wrote that: it never holds a token, and no token of the environment
 * goes to a server that only the file names.
 */
@NullMarked
package dev.qgjob.cli.settings;

import org.jspecify.annotations.NullMarked;
