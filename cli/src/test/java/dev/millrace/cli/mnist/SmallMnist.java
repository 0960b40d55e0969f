package dev.millrace.cli.mnist;

import dev.millrace.data.DataSet;
import dev.millrace.data.DrawnDigits;
import dev.millrace.data.LabelEncoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Drawn digits in files of MNIST's form: 600 to learn from, 200 to measure with. */
final class SmallMnist {
  private SmallMnist() {}

  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var digits = new DrawnDigits(0);
    write(folder, "train", digits.draw(0, 600, LabelEncoding.CLASSES));
    write(folder, "t10k", digits.draw(600, 200, LabelEncoding.CLASSES));
  }

  private static void write(Path folder, String part, DataSet data) throws IOException {
    var images = ByteBuffer.allocate(16 + data.size() * DataSet.PIXELS);
    images.putInt(0x803).putInt(data.size()).putInt(DataSet.SIDE).putInt(DataSet.SIDE);
    var labels = ByteBuffer.allocate(8 + data.size()).putInt(0x801).putInt(data.size());
    for (int i = 0; i < data.size(); i++) {
      images.put(data.pixels(i));
      labels.put((byte) data.label(i));
    }
    Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
    Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }
}
