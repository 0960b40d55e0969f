package dev.millrace.data;

import dev.millrace.tensor.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * MNIST: 60,000 images of handwritten digits to learn from, and 10,000 to measure with.
 *
 * <p>The four files, {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code
 * t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each with {@code .gz} or without, are
 * looked for in the given folder, then in the folder that the environment variable {@code
 * MNIST_DIR} names; where one has all four, they are read. Else what is missing is downloaded into
 * the given folder, from public mirrors or from those that the system property {@code
 * millrace.mnist.mirrors} lists (addresses with commas between them; empty: no download). What is
 * downloaded is checked by SHA-256; what is there already is checked for its form only.
 *
 * <p>Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
 * document recognition", Proceedings of the IEEE 86 (1998).
 */
public final class Mnist {
  private static final String ENVIRONMENT = "MNIST_DIR";
  private static final int TRAIN_SIZE = 60_000;
  private static final int TEST_SIZE = 10_000;

  private static final MnistListener LOG =
      sentence -> System.getLogger(Mnist.class.getName()).log(System.Logger.Level.INFO, sentence);

  private final Path folder;
  private final Optional<Path> other;
  private final Mirrors mirrors;
  private final MnistListener listener;

  Mnist(Path folder, Optional<Path> other, Mirrors mirrors, MnistListener listener) {
    this.folder = folder;
    this.other = other;
    this.mirrors = mirrors;
    this.listener = listener;
  }

  /** As {@link #readDataSets(Path, LabelEncoding)}, with labels as {@code CLASSES}. */
  public static DataSets readDataSets(Path folder) {
    return readDataSets(folder, LabelEncoding.CLASSES);
  }

  /** As the method with a listener; notices go to the {@link System.Logger} of this class. */
  public static DataSets readDataSets(Path folder, LabelEncoding encoding) {
    return readDataSets(folder, encoding, LOG);
  }

  /**
   * MNIST, or {@linkplain DrawnDigits drawn digits} where it is neither found nor to be downloaded:
   * a notice then says so and why, and {@link DataSets#isMnist()} is false.
   *
   * @throws MillraceException if a file is there but broken, with the message of the {@link
   *     IdxFormatException}, or cannot be read
   */
  public static DataSets readDataSets(Path folder, LabelEncoding encoding, MnistListener listener) {
    try {
      return of(folder, listener).readOrDraw(encoding);
    } catch (IOException e) {
      throw new MillraceException(plain(e), e);
    }
  }

  /**
   * MNIST and nothing else.
   *
   * @throws IdxFormatException if a file is there but broken
   * @throws DownloadException if files are missing and cannot be downloaded
   * @throws IOException if a file cannot be read
   */
  public static DataSets read(Path folder, LabelEncoding encoding, MnistListener listener)
      throws IOException {
    return of(folder, listener).read(encoding);
  }

  private static Mnist of(Path folder, MnistListener listener) {
    Optional<Path> other =
        Optional.ofNullable(System.getenv(ENVIRONMENT)).filter(s -> !s.isBlank()).map(Path::of);
    return new Mnist(folder, other, Mirrors.fromSystem(), listener);
  }

  private static String plain(IOException e) {
    return e instanceof IdxFormatException
        ? String.valueOf(e.getMessage())
        : "MNIST: cannot read: " + e;
  }

  DataSets readOrDraw(LabelEncoding encoding) throws IOException {
    try {
      return read(encoding);
    } catch (DownloadException e) {
      listener.notice(e.getMessage() + " Going on with drawn digits, which are not MNIST.");
      return DrawnDigits.dataSets(0, TRAIN_SIZE, TEST_SIZE, encoding);
    }
  }

  DataSets read(LabelEncoding encoding) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder + " (the folder with MNIST's files is wanted)");
    }
    var here = new MnistFolder(folder);
    if (here.isComplete()) {
      return here.read(encoding);
    }
    Optional<MnistFolder> there = other.map(MnistFolder::new).filter(MnistFolder::isComplete);
    if (there.isPresent()) {
      return there.get().read(encoding);
    }
    download(here);
    return here.read(encoding);
  }

  private void download(MnistFolder here) throws IOException {
    List<MnistFile> missing = here.missing();
    try {
      new Download(folder, mirrors, listener, Download.STALL)
          .fetch(missing.stream().map(MnistFile::remote).toList());
    } catch (DownloadException e) {
      throw new DownloadException(explain(here, e), e);
    }
  }

  private String explain(MnistFolder here, DownloadException e) {
    var environment =
        other
            .map(path -> ENVIRONMENT + ": " + new MnistFolder(path).state())
            .orElse(ENVIRONMENT + " is not set");
    return "MNIST: "
        + here.state()
        + " ("
        + environment
        + "), and the download failed: "
        + e.getMessage()
        + ". To use MNIST, put "
        + MnistFolder.names(here.missing())
        + " into "
        + folder
        + ".";
  }
}
