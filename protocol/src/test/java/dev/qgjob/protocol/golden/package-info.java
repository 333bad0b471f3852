/**
 * The wire, pinned: a JSON file for every record that crosses a process boundary, with the record
 * it stands for. Fields are added, meanings never change; a mapper that writes or reads them in
 * another way fails here. Ships in the test-jar, so that each side can pin its own mapper.
 */
@NullMarked
package dev.qgjob.protocol.golden;

import org.jspecify.annotations.NullMarked;
