package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** An operation of the library on operands of given layouts. Any number of threads may run it. */
final class Primitive {
  private static final long ARGUMENT_BYTES = 16;
  private static final long OBJECT_OFFSET = 8;

  private final Dnnl dnnl;
  private final Owned object;
  private final List<Argument> arguments;
  private final List<Descriptor> descriptors;

  private Primitive(Dnnl dnnl, long description, List<Argument> operands) {
    this.dnnl = dnnl;
    this.arguments = new ArrayList<>(operands);
    this.arguments.add(Argument.SCRATCHPAD);
    this.descriptors =
        arguments.stream().map(part -> Descriptor.chosen(dnnl, description, part)).toList();
    this.object = new Owned(dnnl, "primitive", dnnl.createPrimitive(description));
  }

  /** Creates a primitive of what {@code describe} describes with the objects that it uses. */
  private static Primitive create(
      Dnnl dnnl, Object used, LongSupplier describe, Argument... operands) {
    int before = dnnl.useOneThread();
    try {
      long description = describe.getAsLong();
      try {
        return new Primitive(dnnl, description, List.of(operands));
      } finally {
        dnnl.destroy("primitive_desc", description);
      }
    } finally {
      dnnl.useThreads(before);
      Reference.reachabilityFence(used);
    }
  }

  /** Brings numbers from one layout and type to another. */
  static Primitive reorder(Dnnl dnnl, Descriptor from, Descriptor to) {
    return create(
        dnnl,
        List.of(from, to),
        () -> dnnl.createReorder(from.address(), to.address()),
        Argument.SOURCE,
        Argument.RESULT);
  }

  /** Product of matrices. */
  static Primitive matmul(Dnnl dnnl, Layout left, Layout right, Layout target) {
    var a = Descriptor.of(dnnl, left);
    var b = Descriptor.of(dnnl, right);
    var c = Descriptor.of(dnnl, target);
    return create(
        dnnl,
        List.of(a, b, c),
        () -> dnnl.createMatmul(a.address(), b.address(), c.address()),
        Argument.SOURCE,
        Argument.WEIGHTS,
        Argument.RESULT);
  }

  /** Convolution of a source with weights in the layout that suits it best. */
  static Primitive forward(Dnnl dnnl, ConvolutionLayouts layouts) {
    return create(
        dnnl,
        layouts,
        () -> layouts.forward(dnnl),
        Argument.SOURCE,
        Argument.WEIGHTS,
        Argument.RESULT);
  }

  /** A convolution's gradient to its weights, in the layout that suits it best. */
  static Primitive weightGradient(Dnnl dnnl, ConvolutionLayouts layouts) {
    return create(
        dnnl,
        layouts,
        () -> layouts.weightGradient(dnnl),
        Argument.SOURCE,
        Argument.RESULT_GRADIENT,
        Argument.WEIGHTS_GRADIENT);
  }

  /** The layout of an operand. */
  Descriptor descriptor(Argument argument) {
    return descriptors.get(arguments.indexOf(argument));
  }

  /**
   * Runs on this thread.
   *
   * @param operands native memory, in the order of the operands
   */
  void run(MemorySegment... operands) {
    Scratch scratch = dnnl.scratch();
    int count = arguments.size();
    int made = 0;
    try {
      for (; made < count; made++) {
        Descriptor descriptor = descriptors.get(made);
        MemorySegment memory =
            made < operands.length ? operands[made] : scratch.pad(descriptor.bytes);
        if (memory.byteSize() < descriptor.bytes) {
          throw new OneDnnException(
              arguments.get(made)
                  + " needs "
                  + descriptor.bytes
                  + " bytes, has "
                  + memory.byteSize());
        }
        long at = made * ARGUMENT_BYTES;
        scratch.arguments.set(JAVA_INT, at, arguments.get(made).code);
        scratch.arguments.set(
            JAVA_LONG,
            at + OBJECT_OFFSET,
            dnnl.createMemory(scratch.out, descriptor.address(), memory.address()));
      }
      dnnl.execute(object.address, scratch.stream.address, count, scratch.arguments);
    } finally {
      for (int i = 0; i < made; i++) {
        dnnl.destroyMemory(scratch.arguments.get(JAVA_LONG, i * ARGUMENT_BYTES + OBJECT_OFFSET));
      }
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(operands);
    }
  }
}
