package dev.millrace.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Lets one of several processes, and one of several threads, write into a folder. The system frees
 * the lock of a process that dies. The lock file stays where it is: deleting it would let two
 * processes lock two files of one name.
 */
final class FolderLock implements AutoCloseable {
  static final String NAME = ".download.lock";

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits until the folder is free, and says so once.
   *
   * @throws IOException if it is not free after 15 minutes, or the folder cannot be written to
   */
  static FolderLock acquire(Path folder, MnistListener listener) throws IOException {
    Files.createDirectories(folder);
    var channel =
        FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      waitFor(channel, folder, listener);
      return new FolderLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void waitFor(FileChannel channel, Path folder, MnistListener listener)
      throws IOException {
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    if (tryLock(channel).isPresent()) {
      return;
    }
    listener.notice("Waiting for another program that downloads into " + folder + ".");
    while (tryLock(channel).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new DownloadException("another program has been writing to " + folder + " too long");
      }
      pause();
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a download");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
