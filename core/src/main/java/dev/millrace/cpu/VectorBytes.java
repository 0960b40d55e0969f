package dev.millrace.cpu;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elements of one byte beside lanes of float32 or float64: bool as masks, uint8 as the numbers that
 * they are. Straight-line code, which is copied into kernels; the methods that end in {@code
 * Masked} take the lanes that exist as their last operand.
 */
final class VectorBytes {
  /** Bits of the shortest vector of bytes that there is. */
  private static final int LEAST_BITS = 64;

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
  static final VectorSpecies<Byte> BESIDE_FLOATS = bytes(FLOATS.length());
  static final VectorSpecies<Byte> BESIDE_DOUBLES = bytes(DOUBLES.length());

  private VectorBytes() {}

  /** Whether there are vectors of so many bytes. */
  static boolean exist(int lanes) {
    return lanes * Byte.SIZE >= LEAST_BITS;
  }

  private static VectorSpecies<Byte> bytes(int lanes) {
    return switch (lanes) {
      case 16 -> ByteVector.SPECIES_128;
      default -> ByteVector.SPECIES_64;
    };
  }

  /** The mask of bools beside float32. */
  static VectorMask<Float> loadFLOAT(byte[] array, int at) {
    return ByteVector.fromArray(BESIDE_FLOATS, array, at).compare(NE, 0).cast(FLOATS);
  }

  /** As {@link #loadFLOAT}, of the first lanes only. */
  static VectorMask<Float> loadFLOATMasked(byte[] array, int at, VectorMask<Float> first) {
    return ByteVector.fromArray(BESIDE_FLOATS, array, at, first.cast(BESIDE_FLOATS))
        .compare(NE, 0)
        .cast(FLOATS);
  }

  /** The mask of bools beside float64. */
  static VectorMask<Double> loadDOUBLE(byte[] array, int at) {
    return ByteVector.fromArray(BESIDE_DOUBLES, array, at).compare(NE, 0).cast(DOUBLES);
  }

  /** As {@link #loadDOUBLE}, of the first lanes only. */
  static VectorMask<Double> loadDOUBLEMasked(byte[] array, int at, VectorMask<Double> first) {
    return ByteVector.fromArray(BESIDE_DOUBLES, array, at, first.cast(BESIDE_DOUBLES))
        .compare(NE, 0)
        .cast(DOUBLES);
  }

  /** Writes a mask beside float32 as bools. */
  static void storeFLOAT(VectorMask<Float> mask, byte[] array, int at) {
    ByteVector.zero(BESIDE_FLOATS).blend(1, mask.cast(BESIDE_FLOATS)).intoArray(array, at);
  }

  /** As {@link #storeFLOAT}, of the first lanes only. */
  static void storeFLOATMasked(
      VectorMask<Float> mask, byte[] array, int at, VectorMask<Float> first) {
    ByteVector.zero(BESIDE_FLOATS)
        .blend(1, mask.cast(BESIDE_FLOATS))
        .intoArray(array, at, first.cast(BESIDE_FLOATS));
  }

  /** Writes a mask beside float64 as bools. */
  static void storeDOUBLE(VectorMask<Double> mask, byte[] array, int at) {
    ByteVector.zero(BESIDE_DOUBLES).blend(1, mask.cast(BESIDE_DOUBLES)).intoArray(array, at);
  }

  /** As {@link #storeDOUBLE}, of the first lanes only. */
  static void storeDOUBLEMasked(
      VectorMask<Double> mask, byte[] array, int at, VectorMask<Double> first) {
    ByteVector.zero(BESIDE_DOUBLES)
        .blend(1, mask.cast(BESIDE_DOUBLES))
        .intoArray(array, at, first.cast(BESIDE_DOUBLES));
  }

  /** uint8 as float32. */
  static FloatVector numbers(byte[] array, int at) {
    return (FloatVector)
        ((IntVector)
                ByteVector.fromArray(BESIDE_FLOATS, array, at)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0))
            .convert(I2F, 0);
  }

  /** As {@link #numbers}, of the first lanes only. */
  static FloatVector numbersMasked(byte[] array, int at, VectorMask<Float> first) {
    return (FloatVector)
        ((IntVector)
                ByteVector.fromArray(BESIDE_FLOATS, array, at, first.cast(BESIDE_FLOATS))
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0))
            .convert(I2F, 0);
  }
}
