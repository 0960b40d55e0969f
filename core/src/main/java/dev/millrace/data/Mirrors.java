package dev.millrace.data;

import dev.millrace.tensor.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Web folders that have the same files.
 *
 * @param addresses each ends in a slash
 */
record Mirrors(List<URI> addresses) {
  /** A comma-separated list that replaces the public mirrors; an empty one forbids downloads. */
  static final String PROPERTY = "millrace.mnist.mirrors";

  /** All mirrors are asked at once, and one of them has to answer within this time. */
  static final Duration PATIENCE = Duration.ofMillis(2500);

  private static final String PUBLIC =
      """
      https://ossci-datasets.s3.amazonaws.com/mnist/,
      https://storage.googleapis.com/cvdf-datasets/mnist/,
      https://yann.lecun.com/exdb/mnist/
      """;

  static Mirrors fromSystem() {
    return parse(System.getProperty(PROPERTY, PUBLIC));
  }

  static Mirrors parse(String list) {
    return new Mirrors(
        Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(address -> !address.isEmpty())
            .map(Mirrors::address)
            .toList());
  }

  private static URI address(String text) {
    try {
      var address = URI.create(text.endsWith("/") ? text : text + "/");
      boolean isWeb = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (isWeb && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the message below, which says more.
    }
    throw new MillraceException(
        PROPERTY + ": each must be an http or https address, commas between them, found " + text);
  }

  /**
   * The mirrors in the order in which to try them: the one that answered a request for {@code name}
   * first, then the others. An answer of any kind counts.
   *
   * @throws DownloadException if none answers in time; the wait is bounded whatever the network
   *     does
   */
  Mirrors reachable(HttpClient client, String name) throws IOException {
    if (addresses.isEmpty()) {
      throw new DownloadException("no mirror is named (" + PROPERTY + " is empty)");
    }
    var first = new CompletableFuture<URI>();
    var requests = new ArrayList<CompletableFuture<Void>>();
    for (URI address : addresses) {
      var head = HttpRequest.newBuilder(address.resolve(name)).HEAD().timeout(PATIENCE).build();
      requests.add(
          client
              .sendAsync(head, BodyHandlers.discarding())
              .thenAccept(answer -> first.complete(address)));
    }
    CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new))
        .exceptionally(failure -> {
          first.completeExceptionally(failure);
          return null;
        });
    return startingWith(await(first));
  }

  private URI await(CompletableFuture<URI> first) throws IOException {
    try {
      return first.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DownloadException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new DownloadException("no mirror can be reached (tried " + hosts() + ")", e);
    }
  }

  private Mirrors startingWith(URI address) {
    var order = new ArrayList<>(addresses);
    order.remove(address);
    order.addFirst(address);
    return new Mirrors(order);
  }

  String hosts() {
    return addresses.stream().map(URI::getAuthority).collect(Collectors.joining(", "));
  }
}
