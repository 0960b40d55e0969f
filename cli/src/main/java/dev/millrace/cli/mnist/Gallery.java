package dev.millrace.cli.mnist;

import dev.millrace.cli.picture.Canvas;
import dev.millrace.tensor.MillraceException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The folder of the pictures. They are drawn and written beside the rest of the work. */
final class Gallery {
  private final Path folder;
  private final List<Background<Path>> pictures = new ArrayList<>();

  /**
   * Pictures in this folder, which is made where it is not there.
   *
   * @throws MillraceException if it cannot be made
   */
  Gallery(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException file) {
      throw new MillraceException("--out: must be a folder, " + folder + " is a file", file);
    } catch (IOException failure) {
      throw new MillraceException(
          "--out: cannot make the folder " + folder + ": " + failure, failure);
    }
  }

  /** Begins to draw a picture. */
  void add(String file, Supplier<Canvas> drawing) {
    pictures.add(Background.start(file, () -> write(file, drawing.get())));
  }

  /**
   * Waits for the last of them.
   *
   * @throws MillraceException if one could not be written; all others are done then
   */
  void await() {
    var failures = new ArrayList<MillraceException>();
    for (Background<Path> picture : pictures) {
      try {
        picture.await();
      } catch (MillraceException failure) {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  /** Under another name first, so that nobody sees half a picture. */
  private Path write(String file, Canvas canvas) {
    Path target = folder.resolve(file);
    Path part = folder.resolve(file + "." + ProcessHandle.current().pid() + ".part");
    part.toFile().deleteOnExit();
    try {
      Files.write(part, canvas.toPng());
      return Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      part.toFile().delete();
      throw new MillraceException("--out: cannot write " + target + ": " + failure, failure);
    }
  }
}
