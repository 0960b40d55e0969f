package dev.millrace.data;

import dev.millrace.tensor.DType;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of one idx file in order, decompressed if the file is a gzip. Whether it is one is seen
 * in its first two bytes: some browsers decompress a download and keep its name.
 *
 * <p>Never allocates more than the file can hold: what a header promises is compared with the
 * file's length first.
 */
final class IdxReader implements AutoCloseable {
  /** No deflate stream expands further: 258 bytes for two bits, near enough. */
  private static final long MAX_DEFLATE_RATIO = 1032;

  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int BUFFER = 1 << 16;

  /** Reading more at once makes the JDK allocate a copy of that size outside of the heap. */
  private static final int CHUNK = 1 << 20;

  private final Path file;
  private final long length;
  private final InputStream in;
  private final boolean compressed;
  private long offset;

  private IdxReader(Path file, InputStream raw) throws IOException {
    this.file = file;
    this.length = Files.size(file);
    var buffered = new BufferedInputStream(raw, BUFFER);
    buffered.mark(2);
    int start = buffered.read() << 8 | buffered.read();
    buffered.reset();
    this.compressed = start == GZIP_MAGIC;
    if (!compressed && start > 0xff && file.toString().endsWith(".gz")) {
      throw broken(
          0,
          "a .gz file must start with 1f 8b, found "
              + "%02x %02x".formatted(start >> 8, start & 0xff)
              + ": it may be a web page that was saved under this name; fetch the file again");
    }
    this.in = compressed ? unzip(buffered) : buffered;
  }

  static IdxReader open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      return new IdxReader(file, raw);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private InputStream unzip(InputStream raw) throws IOException {
    try {
      return new GZIPInputStream(raw, BUFFER);
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
  }

  /** The next four bytes, most significant first. */
  int readInt() throws IOException {
    var bytes = new byte[Integer.BYTES];
    long start = offset;
    int found = fill(bytes);
    if (found < bytes.length) {
      throw broken(start, "truncated: the header must go on for 4 bytes, found " + found);
    }
    return Byte.toUnsignedInt(bytes[0]) << 24
        | Byte.toUnsignedInt(bytes[1]) << 16
        | Byte.toUnsignedInt(bytes[2]) << 8
        | Byte.toUnsignedInt(bytes[3]);
  }

  /** Exactly {@code count} bytes, which must be all that is left. */
  byte[] readRest(long count, String promise) throws IOException {
    long start = offset;
    long possible = compressed ? length * MAX_DEFLATE_RATIO : length - start;
    if (count > possible) {
      throw broken(
          start,
          "truncated: " + promise + ", the file has " + (compressed ? "at most " : "") + possible);
    }
    var bytes = (byte[]) DType.UINT8.newArray(Math.toIntExact(count));
    int found = fill(bytes);
    if (found < count) {
      throw broken(start + found, "truncated: " + promise + ", the file has " + found);
    }
    if (fill(new byte[1]) > 0) {
      throw broken(start + count, "the file must end here: " + promise + ", found more");
    }
    return bytes;
  }

  private int fill(byte[] target) throws IOException {
    int done = 0;
    try {
      int read = 0;
      while (read >= 0 && done < target.length) {
        done += read;
        offset += read;
        read = in.read(target, done, Math.min(CHUNK, target.length - done));
      }
    } catch (ZipException | EOFException e) {
      throw damaged(e);
    }
    return done;
  }

  IdxFormatException broken(long offset, String rule) {
    return new IdxFormatException(file, offset, rule);
  }

  private IdxFormatException damaged(IOException cause) {
    String what = cause instanceof EOFException ? "it ends too early" : cause.getMessage();
    var exception =
        broken(offset, "the gzip stream is damaged (" + what + "): fetch the file again");
    exception.initCause(cause);
    return exception;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
