package dev.millrace.cpu;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Kernel;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A kernel with sizes and data to run it on.
 *
 * @param dims values of the kernel's dims
 * @param bounds buffers of indices: their elements lie in {@code [0, bound)}, but in one kernel of
 *     16 they may be the bound itself
 * @param loose outputs that depend on a function the compiled forms only approximate
 */
record RandomCase(
    long seed, Kernel kernel, List<Integer> dims, Map<Integer, Integer> bounds, Set<Buffer> loose) {
  private static final float[] SPECIAL = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    -0f,
    0f,
    Float.MIN_VALUE,
    1e-40f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1,
    -1,
    0.5f,
    1e9f,
    -3e9f,
    88.5f,
    -104
  };

  /** Number of a polynomial of the kernel's dims. */
  int value(Dim dim) {
    return (int) dim.evaluate(symbol -> dims.get(Integer.parseInt(symbol.name().substring(1))));
  }

  /** The dims as kernels take them. */
  int[] dimArguments() {
    return dims.stream().mapToInt(Integer::intValue).toArray();
  }

  /** An array for each buffer: the same data at each call, and rubbish where nothing is given. */
  Object[] arrays() {
    var arrays = new Object[kernel.buffers().size()];
    for (Buffer buffer : kernel.buffers()) {
      var random = new SplittableRandom(seed * 31 + buffer.id());
      Object array = buffer.dtype().newArray(value(buffer.size()));
      fill(array, buffer, random);
      arrays[buffer.id()] = array;
    }
    return arrays;
  }

  private void fill(Object array, Buffer buffer, RandomGenerator random) {
    int bound = bounds.getOrDefault(buffer.id(), 0);
    bound += bound > 0 && seed % 16 == 0 ? 1 : 0;
    int style = buffer.role() == Role.INPUT ? random.nextInt(4) : 3;
    switch (array) {
      case float[] floats -> {
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) floating(random, style);
        }
      }
      case double[] doubles -> {
        for (int i = 0; i < doubles.length; i++) {
          doubles[i] = floating(random, style);
        }
      }
      case int[] ints -> {
        for (int i = 0; i < ints.length; i++) {
          ints[i] = bound > 0 ? random.nextInt(bound) : (int) integer(random, style);
        }
      }
      case long[] longs -> {
        for (int i = 0; i < longs.length; i++) {
          longs[i] = bound > 0 ? random.nextInt(bound) : integer(random, style);
        }
      }
      case short[] shorts -> {
        for (int i = 0; i < shorts.length; i++) {
          shorts[i] = (short) integer(random, style);
        }
      }
      case byte[] bytes -> {
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length && buffer.dtype() == DType.BOOL; i++) {
          bytes[i] &= 1;
        }
      }
      default -> throw new AssertionError(array.getClass());
    }
  }

  private static double floating(RandomGenerator random, int style) {
    return switch (style) {
      case 0, 1 -> random.nextGaussian();
      case 2 -> random.nextInt(-4, 5);
      default -> SPECIAL[random.nextInt(SPECIAL.length)];
    };
  }

  private static long integer(RandomGenerator random, int style) {
    return switch (style) {
      case 0, 1 -> random.nextInt(-9, 10);
      case 2 -> random.nextInt(-300, 300);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  @Override
  public String toString() {
    return "seed " + seed + ", dims " + dims + "\n" + kernel;
  }
}
