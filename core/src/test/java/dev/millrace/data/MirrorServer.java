package dev.millrace.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server on this machine that gives one content under every name, and misbehaves on request.
 */
final class MirrorServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final byte[] content;

  /** Each GET, as the start of the range that it asked for; 0 for the whole. */
  final List<Integer> requests = new CopyOnWriteArrayList<>();

  /** How many bytes an answer gives before the connection breaks. */
  volatile int breakAfter = Integer.MAX_VALUE;

  /** Whether a connection hangs where it would break. */
  volatile boolean hangs;

  /** Whether a request for a part is answered with the part. */
  volatile boolean knowsRanges = true;

  /** Status of every answer, 0 for the right one. */
  volatile int status;

  MirrorServer(byte[] content) {
    this.content = content;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/files/", this::answer);
    server.start();
  }

  String address() {
    return "http://localhost:" + server.getAddress().getPort() + "/files";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      int start = knowsRanges ? rangeStart(exchange) : 0;
      requests.add(rangeStart(exchange));
      if (start > 0 && start >= content.length) {
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      if (start > 0) {
        exchange
            .getResponseHeaders()
            .add(
                "Content-Range",
                "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
      }
      int code = status == 0 ? start > 0 ? 206 : 200 : status;
      exchange.sendResponseHeaders(code, content.length - start);
      send(exchange, Arrays.copyOfRange(content, start, content.length));
    }
  }

  private void send(HttpExchange exchange, byte[] rest) throws IOException {
    int length = Math.min(rest.length, breakAfter);
    exchange.getResponseBody().write(rest, 0, length);
    exchange.getResponseBody().flush();
    try {
      while (hangs && length < rest.length) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int rangeStart(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
        .map(range -> Integer.parseInt(range.substring("bytes=".length(), range.length() - 1)))
        .orElse(0);
  }

  @Override
  public void close() {
    hangs = false;
    server.stop(0);
    threads.shutdownNow();
  }
}
