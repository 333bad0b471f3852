/** Real databases for tests. */
package dev.qgjob.scheduler.testing;
