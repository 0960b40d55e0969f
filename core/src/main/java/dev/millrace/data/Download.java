package dev.millrace.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * Fetches gzip files from the first mirror that gives the right bytes. A file grows under the name
 * {@code NAME.part}, which a later attempt or a later run goes on with; it gets its own name when
 * the SHA-256 of its decompressed bytes is right, so that a file of that name is always whole.
 *
 * <p>Time is bounded: a server that sends next to nothing for {@link #STALL}, or needs more than
 * {@link #LONGEST} for a file, counts as broken.
 */
final class Download {
  static final Duration STALL = Duration.ofSeconds(10);

  /** Bytes that must arrive in the time after which a connection counts as stalled. */
  private static final long LEAST_BYTES = 1024;

  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** Attempts at one mirror, as long as each brings some bytes. */
  private static final int ATTEMPTS = 8;

  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int CHUNK = 1 << 16;

  private final Path folder;
  private final Mirrors mirrors;
  private final MnistListener listener;
  private final Duration stall;

  Download(Path folder, Mirrors mirrors, MnistListener listener, Duration stall) {
    this.folder = folder;
    this.mirrors = mirrors;
    this.listener = listener;
    this.stall = stall;
  }

  /**
   * Fetches those of the files that the folder lacks.
   *
   * @throws DownloadException if no mirror can be reached, or none gives the right bytes, or the
   *     folder cannot be written to
   */
  void fetch(List<RemoteFile> files) throws IOException {
    var client =
        HttpClient.newBuilder()
            .connectTimeout(Mirrors.PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    try {
      Mirrors order = mirrors.reachable(client, files.getFirst().name());
      try (var _ = FolderLock.acquire(folder, listener)) {
        for (RemoteFile file : files) {
          fetch(client, order, file);
        }
      }
    } catch (DownloadException e) {
      throw e;
    } catch (InterruptedIOException e) {
      throw new DownloadException("interrupted", e);
    } catch (IOException e) {
      throw new DownloadException("cannot write to " + folder + " (" + e + ")", e);
    } finally {
      client.shutdownNow();
    }
  }

  private void fetch(HttpClient client, Mirrors order, RemoteFile file) throws IOException {
    Path target = folder.resolve(file.name());
    if (Files.exists(target)) {
      return;
    }
    for (URI mirror : order.addresses()) {
      Optional<String> failure = fetchFrom(client, mirror, file);
      if (failure.isEmpty()) {
        Files.move(
            part(file),
            target,
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
        return;
      }
      listener.notice(file.name() + " from " + mirror.getAuthority() + ": " + failure.get() + ".");
    }
    throw new DownloadException(
        "no mirror gave a right " + file.name() + " (tried " + order.hosts() + ")");
  }

  private Path part(RemoteFile file) {
    return folder.resolve(file.name() + ".part");
  }

  /** Brings the part file to its end; what went wrong if this mirror is not able to. */
  private Optional<String> fetchFrom(HttpClient client, URI mirror, RemoteFile file)
      throws IOException {
    String failure = "no attempt was made";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long before = size(part(file));
      try {
        receive(client, mirror.resolve(file.name()), file);
      } catch (ExchangeException e) {
        failure = e.reason;
        if (size(part(file)) <= before) {
          return Optional.of(failure);
        }
        continue;
      }
      if (isRight(file)) {
        return Optional.empty();
      }
      Files.delete(part(file));
      failure = "the SHA-256 of what it sent is wrong";
      if (before == 0) {
        return Optional.of(failure);
      }
    }
    return Optional.of(failure);
  }

  private static long size(Path path) throws IOException {
    return Files.exists(path) ? Files.size(path) : 0;
  }

  /** What went wrong between a server and this program, as against a disk that is full. */
  private static final class ExchangeException extends Exception {
    private static final long serialVersionUID = 1L;

    final String reason;

    ExchangeException(String reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private void receive(HttpClient client, URI address, RemoteFile file)
      throws IOException, ExchangeException {
    // A gzip is hardly ever larger than what is in it; the rest is its frame.
    long limit = file.size() + CHUNK;
    try (var part = new PartFile(part(file), file.name(), limit, listener)) {
      var request = HttpRequest.newBuilder(address).timeout(stall);
      if (part.position() > 0) {
        request.header("Range", "bytes=" + part.position() + "-");
      }
      var response = client.sendAsync(request.build(), info -> subscriber(info, part));
      int status = await(response, part);
      if (status == RANGE_NOT_SATISFIABLE && part.position() > 0) {
        // Either the part is whole, which its sum will tell, or it is of no use.
        return;
      }
      if (status != OK && status != PARTIAL_CONTENT) {
        throw new ExchangeException("the server answered with status " + status);
      }
    }
  }

  private static BodySubscriber<Void> subscriber(HttpResponse.ResponseInfo info, PartFile part) {
    int status = info.statusCode();
    if (status != OK && status != PARTIAL_CONTENT) {
      return BodySubscribers.discarding();
    }
    try {
      part.begin(info);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return BodySubscribers.ofByteArrayConsumer(bytes -> bytes.ifPresent(part::write));
  }

  /** Waits for the end of a response, and ends the wait itself when nothing arrives any more. */
  private int await(CompletableFuture<HttpResponse<Void>> response, PartFile part)
      throws IOException, ExchangeException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    long least = 0;
    while (part.position() >= least && System.nanoTime() < deadline) {
      least = part.position() + LEAST_BYTES;
      try {
        return response.get(stall.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      } catch (TimeoutException e) {
        // Whether bytes arrived meanwhile is asked above.
      } catch (ExecutionException e) {
        throw new ExchangeException("the connection broke (" + reason(e) + ")");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
    response.cancel(true);
    throw new ExchangeException(
        "less than " + LEAST_BYTES + " bytes arrived in " + stall.toSeconds() + " s");
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private boolean isRight(RemoteFile file) throws IOException {
    MessageDigest digest = sha256();
    long size = 0;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(part(file)), CHUNK)) {
      var buffer = new byte[CHUNK];
      for (int n = in.read(buffer); n >= 0 && size <= file.size(); n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        size += n;
      }
    } catch (IOException e) {
      return false;
    }
    return size == file.size() && HexFormat.of().formatHex(digest.digest()).equals(file.sha256());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
