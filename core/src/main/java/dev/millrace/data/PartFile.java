package dev.millrace.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The part of a download that is on the disk already. Takes the body of a response behind what is
 * there when the server answers with the rest, and from the start when it sends the whole.
 */
final class PartFile implements AutoCloseable {
  private static final int PARTIAL_CONTENT = 206;

  private final String name;
  private final FileChannel channel;
  private final long limit;
  private final MnistListener listener;
  private long total = -1;
  private boolean closed;

  PartFile(Path path, String name, long limit, MnistListener listener) throws IOException {
    this.name = name;
    this.limit = limit;
    this.listener = listener;
    this.channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.position(channel.size());
  }

  synchronized long position() throws IOException {
    return channel.position();
  }

  /** Makes ready for the body of a response whose status is 200 or 206. */
  synchronized void begin(HttpResponse.ResponseInfo response) throws IOException {
    if (response.statusCode() != PARTIAL_CONTENT) {
      clear();
    } else if (!rangeStart(response).equals("bytes " + channel.position())) {
      throw new IOException("the server sent another part than it was asked for");
    }
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    total = length < 0 ? -1 : channel.position() + length;
    if (total > limit) {
      throw new IOException(
          "the server offers " + total + " bytes, at most " + limit + " are taken");
    }
  }

  private static String rangeStart(HttpResponse.ResponseInfo response) {
    return response.headers().firstValue("Content-Range").orElse("").split("-", 2)[0];
  }

  /** Writes the next bytes; called on a thread of the HTTP client. */
  void write(byte[] bytes) {
    long position;
    synchronized (this) {
      if (closed) {
        return;
      }
      try {
        position = append(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    listener.progress(name, position, total);
  }

  private long append(byte[] bytes) throws IOException {
    if (channel.position() + bytes.length > limit) {
      throw new IOException("the server sends more than " + limit + " bytes");
    }
    var buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return channel.position();
  }

  /** Forgets what is there. */
  synchronized void clear() throws IOException {
    channel.truncate(0);
  }

  /** Ends writing; bytes that still arrive are dropped. */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      channel.force(true);
      channel.close();
    }
  }
}
