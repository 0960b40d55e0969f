package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory that a thread works in. It grows to what is needed and is kept for the next. */
final class Scratch {
  private static final int MOST_ARGUMENTS = 32;
  private static final int ARGUMENT_BYTES = 16;
  private static final long ALIGNMENT = 64;

  /** Where the library leaves what it has created. */
  final MemorySegment out = Arena.ofAuto().allocate(ADDRESS);

  /** Arguments of a primitive. */
  final MemorySegment arguments =
      Arena.ofAuto().allocate((long) MOST_ARGUMENTS * ARGUMENT_BYTES, ALIGNMENT);

  final Owned stream;
  private MemorySegment pad = MemorySegment.NULL;
  private MemorySegment operands = MemorySegment.NULL;

  Scratch(Dnnl dnnl) {
    stream = new Owned(dnnl, "stream", dnnl.createStream());
  }

  /** Memory for what a primitive keeps while it runs. */
  MemorySegment pad(long bytes) {
    if (pad.byteSize() < bytes) {
      pad = allocate(bytes);
    }
    return pad;
  }

  /**
   * Memory for the operands of a task.
   *
   * @param bytes of each of them
   */
  MemorySegment[] operands(long... bytes) {
    long all = 0;
    for (long size : bytes) {
      all += aligned(size);
    }
    if (operands.byteSize() < all) {
      operands = allocate(all);
    }
    var parts = new MemorySegment[bytes.length];
    long start = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = operands.asSlice(start, bytes[i]);
      start += aligned(bytes[i]);
    }
    return parts;
  }

  private static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /** New native memory, freed when nothing refers to it any longer. */
  static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(Math.max(1, bytes), ALIGNMENT);
  }
}
