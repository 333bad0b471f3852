package dev.qgjob.protocol.access;

import org.jspecify.annotations.Nullable;

/**
 * What an org may use of the slots. What is null stays as it is.
 *
 * @param weight 0 to 1,000,000; 0: only what nobody else wants
 * @param cap how many of its jobs may run at once on each target, from 0
 * @param uncapped true: any number
 * @param browserstackMinutes what its jobs may use of BrowserStack in a calendar month of UTC, from
 *     0
 * @param unmetered true: any number of minutes
 */
public record SetShare(
    @Nullable Double weight,
    @Nullable Integer cap,
    @Nullable Boolean uncapped,
    @Nullable Integer browserstackMinutes,
    @Nullable Boolean unmetered) {}
