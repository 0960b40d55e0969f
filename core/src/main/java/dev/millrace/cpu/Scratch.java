package dev.millrace.cpu;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Kernel;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.ShapeException;
import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/**
 * A kernel's code together with the scratch arrays that its runs need: each run takes a set of them
 * and gives it back. Sets are made as many as run at once, grow as they must and are kept.
 */
final class Scratch implements KernelCode {
  private static final int MOST_KEPT = 64;

  private final KernelCode code;
  private final Buffer[] buffers;
  private final Extent[] sizes;
  private final PartialLayout partials;
  private final AtomicReferenceArray<Object[]> kept = new AtomicReferenceArray<>(MOST_KEPT);

  private Scratch(Kernel kernel, KernelCode code) {
    this.code = code;
    this.buffers = kernel.buffers().toArray(Buffer[]::new);
    this.sizes = kernel.buffers().stream().map(b -> Extent.of(b.size())).toArray(Extent[]::new);
    this.partials = PartialLayout.of(kernel);
  }

  /** {@code code} as it can be run without scratch arrays. */
  static KernelCode around(Kernel kernel, KernelCode code) {
    var scratch = new Scratch(kernel, code);
    boolean needed = kernel.buffers().stream().anyMatch(b -> b.role() == Role.SCRATCH);
    return needed || scratch.hasPartials() ? scratch : code;
  }

  private boolean hasPartials() {
    return Stream.of(JvmType.values()).anyMatch(type -> partials.size(type) > 0);
  }

  @Override
  public void run(Object[] arrays, int[] dims, int begin, int end) {
    Object[] all = take();
    for (int i = 0; i < buffers.length; i++) {
      if (buffers[i].role() == Role.SCRATCH) {
        grow(all, i, size(i, dims));
      } else {
        all[i] = arrays[i];
      }
    }
    try {
      code.run(all, dims, begin, end);
    } finally {
      giveBack(all);
    }
  }

  private int size(int i, int[] dims) {
    long size = sizes[i].evaluate(dims);
    if (size > Integer.MAX_VALUE) {
      throw new ShapeException(
          "run: a block of rows in between has "
              + size
              + " elements, at most 2^31-1 are possible;"
              + " split what it is computed from along its last axis");
    }
    return (int) size;
  }

  private void grow(Object[] all, int i, int size) {
    if (all[i] == null || Array.getLength(all[i]) < size) {
      all[i] = buffers[i].dtype().newArray(size);
    }
  }

  private Object[] take() {
    for (int i = 0; i < MOST_KEPT; i++) {
      Object[] set = kept.getAndSet(i, null);
      if (set != null) {
        return set;
      }
      if (kept.get(i) == null && i > 0) {
        break;
      }
    }
    var set = new Object[buffers.length + 3];
    set[buffers.length] = DType.FLOAT32.newArray(partials.size(JvmType.FLOAT));
    set[buffers.length + 1] = DType.FLOAT64.newArray(partials.size(JvmType.DOUBLE));
    set[buffers.length + 2] = DType.INT32.newArray(partials.size(JvmType.INT));
    return set;
  }

  /** Forgets the caller's arrays and keeps the rest. */
  private void giveBack(Object[] set) {
    for (int i = 0; i < buffers.length; i++) {
      if (buffers[i].role() != Role.SCRATCH) {
        set[i] = null;
      }
    }
    for (int i = 0; i < MOST_KEPT; i++) {
      if (kept.compareAndSet(i, null, set)) {
        return;
      }
    }
  }
}
