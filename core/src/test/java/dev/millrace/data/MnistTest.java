package dev.millrace.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
  @TempDir Path temporary;
  private Path folder;
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void writeFiles() throws IOException {
    folder = temporary.resolve("MNIST_data");
    IdxFiles.writeMnist(folder);
  }

  private Mnist mnist(Path folder, Optional<Path> other) {
    return new Mnist(folder, other, Mirrors.parse(""), notices::add);
  }

  private DataSets read() throws IOException {
    return mnist(folder, Optional.empty()).read(LabelEncoding.ONE_HOT);
  }

  private String fault() {
    var thrown = assertThrows(IdxFormatException.class, this::read);
    return thrown.getMessage().substring(folder.toString().length() + 1);
  }

  @Test
  void readsFilesThatAreCompressedOrPlainOrHaveADotInTheirName() throws IOException {
    DataSets sets = read();
    assertEquals(30, sets.train().size());
    assertEquals(10, sets.test().size());
    assertTrue(sets.isMnist());
    assertEquals("MNIST from " + folder, sets.origin());
    assertEquals(Shape.of(30, 784), sets.train().images().shape());
    assertEquals(Shape.of(10, 10), sets.test().labels().shape());
    assertEquals(7, sets.train().label(17));
  }

  @Test
  void thePublicMethodsReadTheSame() throws IOException {
    assertEquals(Shape.of(30), Mnist.readDataSets(folder).train().labels().shape());
    assertEquals(
        Shape.of(30, 10),
        Mnist.readDataSets(folder, LabelEncoding.ONE_HOT).train().labels().shape());
    assertEquals(10, Mnist.read(folder, LabelEncoding.CLASSES, notices::add).test().size());
  }

  @Test
  void readsTheFolderOfTheEnvironmentWhenTheGivenOneIsNotComplete() throws IOException {
    Path absent = temporary.resolve("absent");
    DataSets sets = mnist(absent, Optional.of(folder)).read(LabelEncoding.CLASSES);
    assertEquals("MNIST from " + folder, sets.origin());
    assertFalse(Files.exists(absent));
  }

  @Test
  void drawsDigitsAndSaysSoWhenThereIsNothingToRead() throws IOException {
    Path absent = temporary.resolve("absent");
    DataSets sets = mnist(absent, Optional.empty()).readOrDraw(LabelEncoding.ONE_HOT);
    assertFalse(sets.isMnist());
    assertEquals("drawn digits (not MNIST)", sets.origin());
    assertEquals(60_000, sets.train().size());
    assertEquals(10_000, sets.test().size());
    assertEquals(
        List.of(
            "MNIST: "
                + absent
                + " has none of the four MNIST files (MNIST_DIR is not set), and the download"
                + " failed: no mirror is named (millrace.mnist.mirrors is empty). To use MNIST, put"
                + " train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz,"
                + " t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz into "
                + absent
                + ". Going on with drawn digits, which are not MNIST."),
        notices);
    assertFalse(Files.exists(absent));
  }

  @Test
  void namesTheFilesThatAreMissing() throws IOException {
    Files.delete(folder.resolve("train-labels-idx1-ubyte"));
    Files.delete(folder.resolve("t10k-labels-idx1-ubyte.gz"));
    Path other = temporary.resolve("other");
    var thrown =
        assertThrows(
            DownloadException.class,
            () -> mnist(folder, Optional.of(other)).read(LabelEncoding.ONE_HOT));
    assertEquals(
        "MNIST: "
            + folder
            + " has 2 of the four MNIST files, missing are train-labels-idx1-ubyte.gz,"
            + " t10k-labels-idx1-ubyte.gz (MNIST_DIR: "
            + other
            + " has none of the four MNIST files), and the download failed: no mirror is named"
            + " (millrace.mnist.mirrors is empty). To use MNIST, put train-labels-idx1-ubyte.gz,"
            + " t10k-labels-idx1-ubyte.gz into "
            + folder
            + ".",
        thrown.getMessage());
  }

  @Test
  void aBrokenFileIsAnErrorAndNotAReasonToDraw() throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte.gz"), new byte[] {0, 0, 8});
    var thrown = assertThrows(MillraceException.class, () -> Mnist.readDataSets(folder));
    assertEquals(
        folder.resolve("train-images-idx3-ubyte.gz")
            + ": offset 0: truncated: the header must go on for 4 bytes, found 3",
        thrown.getMessage());
    assertInstanceOf(IdxFormatException.class, thrown.getCause());
  }

  @Test
  void seesSwappedImagesAndLabels() throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte.gz"), IdxFiles.gzip(IdxFiles.labels(30)));
    assertEquals(
        "train-images-idx3-ubyte.gz: offset 0: magic must be 0x00000803 (images), found 0x00000801"
            + " (labels): the image and label files may be swapped",
        fault());
    Files.write(
        folder.resolve("t10k-labels-idx1-ubyte.gz"), IdxFiles.gzip(new byte[] {1, 2, 3, 4}));
    assertEquals(
        "t10k-labels-idx1-ubyte.gz: offset 0: magic must be 0x00000801 (labels), found 0x01020304:"
            + " this is not one of MNIST's files",
        fault());
  }

  @Test
  void wantsAsManyLabelsAsImages() throws IOException {
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(29));
    assertEquals(
        "train-labels-idx1-ubyte: offset 4: as many labels as images are needed, and at least one: "
            + folder.resolve("train-images-idx3-ubyte.gz")
            + " has 30 images, this file has 29 labels",
        fault());
  }

  @Test
  void wantsLabelsFromZeroToNine() throws IOException {
    byte[] labels = IdxFiles.labels(30);
    labels[20] = (byte) 200;
    Files.write(folder.resolve("train-labels-idx1-ubyte"), labels);
    assertEquals("train-labels-idx1-ubyte: offset 20: a label must be 0 to 9, found 200", fault());
  }

  @Test
  void wantsImagesOf28By28Pixels() throws IOException {
    Files.write(
        folder.resolve("t10k-images.idx3-ubyte"),
        IdxFiles.idx(0x803, new int[] {10, 28, 32}, new byte[10 * 28 * 32]));
    assertEquals(
        "t10k-images.idx3-ubyte: offset 12: images must be 28 by 28 pixels, found 28 by 32",
        fault());
  }

  @Test
  void saysWhenTheFolderIsAFile() throws IOException {
    Path file = folder.resolve("train-labels-idx1-ubyte");
    var thrown =
        assertThrows(
            NotDirectoryException.class,
            () -> mnist(file, Optional.empty()).read(LabelEncoding.ONE_HOT));
    assertEquals(file + " (the folder with MNIST's files is wanted)", thrown.getMessage());
  }
}
