package dev.millrace.data;

/**
 * Hears what {@link Mnist} does while a caller waits for it. Called on the reading thread, or on a
 * thread of the HTTP client while a file is downloaded, never by two threads at once.
 */
public interface MnistListener {
  /**
   * A whole sentence that the user should see: a download begins, a mirror failed, drawn digits are
   * used in place of MNIST.
   */
  void notice(String sentence);

  /**
   * A part of a file has arrived.
   *
   * @param file name of the file
   * @param bytes bytes of it on the disk, what an earlier run left included
   * @param total bytes it will have, or -1 where the mirror does not say
   */
  default void progress(String file, long bytes, long total) {}
}
