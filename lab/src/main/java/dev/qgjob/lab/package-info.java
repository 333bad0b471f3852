/** The lab's command line: what measures and shows the parts as they ship. It ships to nobody. */
@NullMarked
package dev.qgjob.lab;

import org.jspecify.annotations.NullMarked;
