package dev.millrace.cli.mnist;

import dev.millrace.tensor.MillraceException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that is done on a thread of its own until it is wanted; it does not keep the JVM up.
 */
final class Background<T> {
  private final FutureTask<T> task;

  private Background(FutureTask<T> task) {
    this.task = task;
  }

  static <T> Background<T> start(String name, Callable<T> work) {
    var task = new FutureTask<T>(work);
    Thread.ofPlatform().daemon().name(name).start(task);
    return new Background<>(task);
  }

  /** Waits for the result; what the work throws, this throws. */
  T await() {
    try {
      return task.get();
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      if (cause instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new MillraceException(String.valueOf(cause), failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new MillraceException("interrupted", stop);
    }
  }
}
