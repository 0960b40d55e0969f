package dev.millrace.onednn;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector form of {@link Bfloat16}. */
final class VectorRounding {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
  private static final int NAN = 0x7fc0;

  private VectorRounding() {}

  static void round(float[] from, int start, int count, MemorySegment to) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += FLOATS.length()) {
      FloatVector numbers = FloatVector.fromArray(FLOATS, from, start + i);
      VectorMask<Float> isNan = numbers.test(VectorOperators.IS_NAN);
      IntVector bits = numbers.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, Short.SIZE).and(1);
      bits.add(odd)
          .add(0x7fff)
          .lanewise(VectorOperators.LSHR, Short.SIZE)
          .blend(NAN, isNan.cast(bits.species()))
          .convertShape(VectorOperators.I2S, SHORTS, 0)
          .intoMemorySegment(to, (long) i * Short.BYTES, ByteOrder.nativeOrder());
    }
    Bfloat16.roundScalars(
        from, start + whole, count - whole, to.asSlice((long) whole * Short.BYTES));
  }
}
