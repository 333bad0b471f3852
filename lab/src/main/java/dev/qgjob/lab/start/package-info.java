/** How long {@code qgjob} takes as a whole process, beside a small client in Python. */
@NullMarked
package dev.qgjob.lab.start;

import org.jspecify.annotations.NullMarked;
