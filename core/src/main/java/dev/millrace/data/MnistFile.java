package dev.millrace.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The four files of MNIST, with the SHA-256 of their decompressed bytes. */
enum MnistFile {
  TRAIN_IMAGES(
      "train-images-idx3-ubyte",
      3,
      47_040_016,
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
  TRAIN_LABELS(
      "train-labels-idx1-ubyte",
      1,
      60_008,
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
  TEST_IMAGES(
      "t10k-images-idx3-ubyte",
      3,
      7_840_016,
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
  TEST_LABELS(
      "t10k-labels-idx1-ubyte",
      1,
      10_008,
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

  private static final int MAGIC = 0x800;

  private final String stem;
  private final int rank;
  private final long size;
  private final String sha256;

  MnistFile(String stem, int rank, long size, String sha256) {
    this.stem = stem;
    this.rank = rank;
    this.size = size;
    this.sha256 = sha256;
  }

  int rank() {
    return rank;
  }

  /** Name of the compressed file, as mirrors have it. */
  String compressedName() {
    return stem + ".gz";
  }

  RemoteFile remote() {
    return new RemoteFile(compressedName(), size, sha256);
  }

  /** This file in a folder: compressed, plain, or plain with the dot that some unpackers leave. */
  Optional<Path> in(Path folder) {
    return Stream.of(stem, compressedName(), stem.replace("-idx", ".idx"))
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  void checkMagic(IdxReader reader) throws IOException {
    int magic = reader.readInt();
    if (magic == (MAGIC | rank)) {
      return;
    }
    var rule =
        "magic must be 0x%08x (%s), found 0x%08x".formatted(MAGIC | rank, content(rank), magic);
    throw reader.broken(
        0,
        magic == MAGIC + 1 || magic == MAGIC + 3
            ? rule + " (" + content(magic - MAGIC) + "): the image and label files may be swapped"
            : rule + ": this is not one of MNIST's files");
  }

  private static String content(int rank) {
    return rank == 1 ? "labels" : "images";
  }
}
