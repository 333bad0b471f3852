/** What a submitter sends: blobs, apps, runs. */
@NullMarked
package dev.qgjob.protocol.submit;

import org.jspecify.annotations.NullMarked;
