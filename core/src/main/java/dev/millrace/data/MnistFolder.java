package dev.millrace.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/** A folder that may have the four files of MNIST, and how they are read from it. */
record MnistFolder(Path path) {
  /** Elements of a file that are read at most: 342,392 images. */
  private static final long LIMIT = Idx.DEFAULT_LIMIT;

  private static final int LABELS_OFFSET = 8;

  List<MnistFile> missing() {
    return Arrays.stream(MnistFile.values()).filter(file -> file.in(path).isEmpty()).toList();
  }

  boolean isComplete() {
    return missing().isEmpty();
  }

  /** How many of the files are here and which are not, for people. */
  String state() {
    List<MnistFile> missing = missing();
    int present = MnistFile.values().length - missing.size();
    return present == 0
        ? path + " has none of the four MNIST files"
        : path + " has " + present + " of the four MNIST files, missing are " + names(missing);
  }

  static String names(List<MnistFile> files) {
    return files.stream().map(MnistFile::compressedName).collect(Collectors.joining(", "));
  }

  /** Reads all four files, the large one on a thread of its own. */
  DataSets read(LabelEncoding encoding) throws IOException {
    var trainImages = new FutureTask<>(() -> readImages(MnistFile.TRAIN_IMAGES));
    Thread.ofPlatform().name("mnist-train-images").daemon().start(trainImages);
    Idx testImages = readImages(MnistFile.TEST_IMAGES);
    DataSet test = dataSet(testImages, readFile(MnistFile.TEST_LABELS), encoding);
    Idx trainLabels = readFile(MnistFile.TRAIN_LABELS);
    DataSet train = dataSet(join(trainImages), trainLabels, encoding);
    return new DataSets(train, test, true, "MNIST from " + path);
  }

  private Path locate(MnistFile kind) throws IOException {
    return kind.in(path)
        .orElseThrow(() -> new NoSuchFileException(path + ": " + kind.compressedName()));
  }

  private Idx readImages(MnistFile kind) throws IOException {
    Idx images = readFile(kind);
    for (int axis = 1; axis < images.rank(); axis++) {
      if (images.dim(axis) != DataSet.SIDE) {
        throw images.broken(
            Integer.BYTES * (axis + 1L),
            "images must be 28 by 28 pixels, found " + images.dim(1) + " by " + images.dim(2));
      }
    }
    return images;
  }

  private Idx readFile(MnistFile kind) throws IOException {
    return Idx.read(locate(kind), kind, LIMIT);
  }

  private static DataSet dataSet(Idx images, Idx labels, LabelEncoding encoding)
      throws IOException {
    if (images.dim(0) != labels.dim(0) || labels.dim(0) == 0) {
      throw labels.broken(
          Integer.BYTES,
          "as many labels as images are needed, and at least one: "
              + images.file()
              + " has "
              + images.dim(0)
              + " images, this file has "
              + labels.dim(0)
              + " labels");
    }
    byte[] classes = labels.bytes();
    for (int i = 0; i < classes.length; i++) {
      int found = Byte.toUnsignedInt(classes[i]);
      if (found >= DataSet.CLASSES) {
        throw labels.broken(LABELS_OFFSET + i, "a label must be 0 to 9, found " + found);
      }
    }
    return new DataSet(images.bytes(), classes, encoding, 0);
  }

  private static Idx join(FutureTask<Idx> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while MNIST was read");
    }
  }
}
