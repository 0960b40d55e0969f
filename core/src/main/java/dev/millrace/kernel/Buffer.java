package dev.millrace.kernel;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;

/**
 * An array that a kernel reads or writes, of {@code size} elements. Two buffers never overlap.
 *
 * @param id position in {@link Kernel#buffers()}
 * @param size number of elements, a polynomial of the kernel's dims
 */
public record Buffer(int id, DType dtype, Role role, Dim size) {
  /** Who owns a buffer and what happens to it. */
  public enum Role {
    /** Given by the caller, only read. */
    INPUT,
    /** Given by the caller, written, and read again at most where this kernel has written. */
    OUTPUT,
    /** Private to the worker that runs the kernel; its content is undefined at the start. */
    SCRATCH
  }

  @Override
  public String toString() {
    return switch (role) {
          case INPUT -> "in";
          case OUTPUT -> "out";
          case SCRATCH -> "tmp";
        }
        + id;
  }
}
