package dev.millrace.profile;

/** Something that lasted, on one thread; times as of {@link System#nanoTime}. */
sealed interface Event {
  Track track();

  long from();

  long to();

  /** A run, or a compilation. */
  record Span(Track track, long from, long to, String name) implements Event {}

  /** A call of a kernel, as the thread that asked for it saw it. */
  record Call(Track track, long from, long to, KernelCalls kernel, int[] dims) implements Event {}

  /** Tasks {@code first} to below {@code end} of a kernel, as one thread ran them. */
  record Chunk(Track track, long from, long to, KernelCalls kernel, int first, int end)
      implements Event {}
}
