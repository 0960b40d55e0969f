package dev.millrace.profile;

import java.util.List;

/**
 * Events in the order in which they ended.
 *
 * @param start of the recording as of {@link System#nanoTime}
 * @param lost events that were not kept
 */
record Timeline(long start, List<Event> events, long lost) {}
