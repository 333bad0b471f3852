/** The demo: two app versions on two phones, and what that saved. */
@NullMarked
package dev.qgjob.lab.demo;

import org.jspecify.annotations.NullMarked;
