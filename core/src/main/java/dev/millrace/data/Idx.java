package dev.millrace.data;

import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An n-dimensional array of unsigned bytes as stored in an idx file, the format of MNIST: two zero
 * bytes, the element type (8), the rank, one big-endian 32-bit size for each dim, and the elements
 * in row-major order. The file may be a gzip.
 *
 * <p>Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section
 * "The IDX file format".
 */
public final class Idx {
  /** Elements that {@link #read(Path)} takes at most: 2^28, five times MNIST's training images. */
  public static final long DEFAULT_LIMIT = 1L << 28;

  private static final int UNSIGNED_BYTES = 8;
  private static final int MAX_RANK = 4;

  private final Path file;
  private final int[] dims;
  private final byte[] bytes;

  private Idx(Path file, int[] dims, byte[] bytes) {
    this.file = file;
    this.dims = dims;
    this.bytes = bytes;
  }

  /**
   * Reads a file of unsigned bytes, of rank 1 to 4 and at most {@link #DEFAULT_LIMIT} elements.
   *
   * @throws IdxFormatException if the file breaks a rule of the format or is larger
   * @throws IOException if the file cannot be read
   */
  public static Idx read(Path file) throws IOException {
    return read(file, DEFAULT_LIMIT);
  }

  /**
   * Reads a file of unsigned bytes, of rank 1 to 4 and at most {@code limit} elements. Memory use
   * is bounded by {@code limit} and by 1032 times the file's length, whatever its header promises.
   *
   * @throws IdxFormatException if the file breaks a rule of the format or is larger
   * @throws IOException if the file cannot be read
   */
  public static Idx read(Path file, long limit) throws IOException {
    try (var reader = IdxReader.open(file)) {
      int magic = reader.readInt();
      checkMagic(reader, magic);
      return readBody(file, reader, magic & 0xff, limit);
    }
  }

  /** Reads a file whose magic number is known: {@code what} says what it stands for. */
  static Idx read(Path file, MnistFile kind, long limit) throws IOException {
    try (var reader = IdxReader.open(file)) {
      kind.checkMagic(reader);
      return readBody(file, reader, kind.rank(), limit);
    }
  }

  private static void checkMagic(IdxReader reader, int magic) throws IOException {
    if (magic >>> 16 != 0) {
      throw reader.broken(
          0, "an idx file must start with 0x0000, found 0x%04x".formatted(magic >>> 16));
    }
    int type = magic >>> 8;
    if (type != UNSIGNED_BYTES) {
      throw reader.broken(
          2, "the element type must be 0x08 (unsigned bytes), found 0x%02x".formatted(type));
    }
    int rank = magic & 0xff;
    if (rank < 1 || rank > MAX_RANK) {
      throw reader.broken(3, "the rank must be 1 to 4, found " + rank);
    }
  }

  private static Idx readBody(Path file, IdxReader reader, int rank, long limit)
      throws IOException {
    long most = Math.min(limit, Integer.MAX_VALUE - 8);
    var dims = new long[rank];
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = Integer.toUnsignedLong(reader.readInt());
      size = size > most ? size : size * dims[axis];
    }
    if (size > most || Arrays.stream(dims).anyMatch(dim -> dim > Integer.MAX_VALUE)) {
      throw reader.broken(
          4, "at most " + most + " elements are read, the dims are " + Arrays.toString(dims));
    }
    var promise = "the dims " + Arrays.toString(dims) + " promise " + size + " bytes";
    byte[] bytes = reader.readRest(size, promise);
    return new Idx(file, Arrays.stream(dims).mapToInt(dim -> (int) dim).toArray(), bytes);
  }

  /** Number of dims, 1 to 4. */
  public int rank() {
    return dims.length;
  }

  /** Size of the dim at {@code axis}. */
  public int dim(int axis) {
    return dims[axis];
  }

  /** The elements in row-major order: the array itself, not a copy, for reading only. */
  public byte[] bytes() {
    return bytes;
  }

  /** The elements as a UINT8 tensor that shares the array of {@link #bytes()}. */
  public Tensor toTensor() {
    return Tensor.wrap(Shape.of(Arrays.stream(dims).asLongStream().toArray()), bytes);
  }

  Path file() {
    return file;
  }

  IdxFormatException broken(long offset, String rule) {
    return new IdxFormatException(file, offset, rule);
  }
}
