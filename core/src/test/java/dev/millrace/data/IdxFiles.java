package dev.millrace.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes idx files for the tests of this package. */
final class IdxFiles {
  private IdxFiles() {}

  static byte[] idx(int magic, int[] dims, byte[] content) {
    var buffer = ByteBuffer.allocate(4 + 4 * dims.length + content.length).putInt(magic);
    for (int dim : dims) {
      buffer.putInt(dim);
    }
    return buffer.put(content).array();
  }

  static byte[] images(int count) {
    var pixels = new byte[count * 784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31 + i / 784);
    }
    return idx(0x803, new int[] {count, 28, 28}, pixels);
  }

  /** Labels 0, 1, 2, ... 9, 0, 1, ... */
  static byte[] labels(int count) {
    var classes = new byte[count];
    for (int i = 0; i < count; i++) {
      classes[i] = (byte) (i % 10);
    }
    return idx(0x801, new int[] {count}, classes);
  }

  static byte[] gzip(byte[] content) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Small files in MNIST's form: 30 images to learn from, 10 to measure with. */
  static void writeMnist(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("train-images-idx3-ubyte.gz"), gzip(images(30)));
    Files.write(folder.resolve("train-labels-idx1-ubyte"), labels(30));
    Files.write(folder.resolve("t10k-images.idx3-ubyte"), images(10));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), gzip(labels(10)));
  }
}
