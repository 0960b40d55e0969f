package dev.millrace.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.tensor.MillraceException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DownloadTest {
  private static final Duration STALL = Duration.ofMillis(400);

  @TempDir Path temporary;
  private final byte[] plain = content();
  private final byte[] zipped = IdxFiles.gzip(plain);
  private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

  private static byte[] content() {
    var bytes = new byte[300_000];
    var random = new RandomStream(1, 1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextLong();
    }
    return bytes;
  }

  static RemoteFile remote(byte[] plain) throws Exception {
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(plain);
    return new RemoteFile("digits.gz", plain.length, HexFormat.of().formatHex(sum));
  }

  private Path target() {
    return temporary.resolve("data/digits.gz");
  }

  private void fetch(MnistListener listener, String... mirrors) throws Exception {
    new Download(target().getParent(), Mirrors.parse(String.join(",", mirrors)), listener, STALL)
        .fetch(List.of(remote(plain)));
  }

  private void fetch(MirrorServer... mirrors) throws Exception {
    fetch(notices::add, Arrays.stream(mirrors).map(MirrorServer::address).toArray(String[]::new));
  }

  private void assertFetched() throws IOException {
    assertArrayEquals(zipped, Files.readAllBytes(target()));
    try (Stream<Path> files = Files.list(target().getParent())) {
      assertEquals(
          List.of(FolderLock.NAME, "digits.gz"),
          files.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void fetchesAFileAndTellsHowFarItIs() throws Exception {
    try (var mirror = new MirrorServer(zipped)) {
      var progress = new ArrayList<Long>();
      var listener =
          new MnistListener() {
            @Override
            public void notice(String sentence) {
              notices.add(sentence);
            }

            @Override
            public void progress(String file, long bytes, long total) {
              assertEquals("digits.gz", file);
              assertEquals(zipped.length, total);
              progress.add(bytes);
            }
          };
      fetch(listener, mirror.address());
      assertFetched();
      assertEquals(zipped.length, progress.getLast());
      assertEquals(progress.stream().sorted().distinct().toList(), progress);
      assertEquals(List.of(), notices);
      fetch(mirror);
      assertEquals(List.of(0), mirror.requests);
    }
  }

  @Test
  void goesOnWhereAConnectionBroke() throws Exception {
    try (var mirror = new MirrorServer(zipped)) {
      mirror.breakAfter = 100_000;
      fetch(mirror);
      assertFetched();
      assertTrue(mirror.requests.size() >= 4, mirror.requests::toString);
      assertEquals(mirror.requests.stream().sorted().distinct().toList(), mirror.requests);
    }
  }

  @Test
  void goesOnWhereAnEarlierProcessEnded() throws Exception {
    Files.createDirectories(target().getParent());
    Files.write(part(), Arrays.copyOf(zipped, 123_456));
    try (var mirror = new MirrorServer(zipped)) {
      fetch(mirror);
      assertFetched();
      assertEquals(List.of(123_456), mirror.requests);
    }
  }

  private Path part() {
    return target().resolveSibling("digits.gz.part");
  }

  @Test
  void startsAgainWhereAServerGivesNoParts() throws Exception {
    Files.createDirectories(target().getParent());
    Files.write(part(), Arrays.copyOf(zipped, 123_456));
    try (var mirror = new MirrorServer(zipped)) {
      mirror.knowsRanges = false;
      fetch(mirror);
      assertFetched();
    }
  }

  @Test
  void throwsAwayAPartOfOtherBytes() throws Exception {
    Files.createDirectories(target().getParent());
    Files.write(part(), new byte[5000]);
    try (var mirror = new MirrorServer(zipped)) {
      fetch(mirror);
      assertFetched();
      assertEquals(List.of(5000, 0), mirror.requests);
    }
  }

  @Test
  void keepsAPartThatIsWholeAndDropsOneThatIsTooLong() throws Exception {
    Files.createDirectories(target().getParent());
    try (var mirror = new MirrorServer(zipped)) {
      Files.write(part(), zipped);
      fetch(mirror);
      assertFetched();
      Files.delete(target());
      Files.write(part(), new byte[zipped.length + 10]);
      fetch(mirror);
      assertFetched();
      assertEquals(List.of(zipped.length, zipped.length + 10, 0), mirror.requests);
    }
  }

  @Test
  void triesTheNextMirrorAfterWrongBytes() throws Exception {
    byte[] other = plain.clone();
    other[7]++;
    try (var wrong = new MirrorServer(IdxFiles.gzip(other));
        var page = new MirrorServer("<html>".getBytes(StandardCharsets.US_ASCII));
        var absent = new MirrorServer(zipped);
        var right = new MirrorServer(zipped)) {
      absent.status = 404;
      fetch(wrong, page, absent, right);
      assertFetched();
      assertEquals(List.of(0), right.requests);
      String sum = "the SHA-256 of what it sent is wrong";
      List<String> possible =
          List.of(
              notice(wrong, sum),
              notice(page, sum),
              notice(absent, "the server answered with status 404"));
      assertTrue(possible.containsAll(notices), notices::toString);
    }
  }

  private static String notice(MirrorServer mirror, String failure) {
    return "digits.gz from " + host(mirror) + ": " + failure + ".";
  }

  private static String host(MirrorServer mirror) {
    return mirror.address().replace("http://", "").replace("/files", "");
  }

  @Test
  void saysWhenNoMirrorGivesTheRightBytesAndKeepsNothing() throws Exception {
    try (var endless = new MirrorServer(new byte[2_000_000]);
        var bomb = new MirrorServer(IdxFiles.gzip(new byte[50_000_000]))) {
      var thrown = assertThrows(DownloadException.class, () -> fetch(endless, bomb));
      assertTrue(
          thrown.getMessage().startsWith("no mirror gave a right digits.gz (tried localhost:"));
      assertTrue(
          notices.contains(
              notice(
                  endless,
                  "the connection broke (the server offers 2000000 bytes, at most 365536 are"
                      + " taken)")),
          notices::toString);
      assertFalse(Files.exists(target()));
    }
  }

  @Test
  void endsAConnectionThatGivesNothingMore() throws Exception {
    try (var mirror = new MirrorServer(zipped)) {
      mirror.breakAfter = 200_000;
      mirror.hangs = true;
      fetch(mirror);
      assertFetched();
      assertEquals(2, mirror.requests.size());
    }
  }

  @Test
  void saysSoonWhenNoMirrorCanBeReached() throws Exception {
    long start = System.nanoTime();
    var refused =
        assertThrows(DownloadException.class, () -> fetch(notices::add, "http://localhost:1"));
    assertEquals("no mirror can be reached (tried localhost:1)", refused.getMessage());
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String host = "localhost:" + silent.getLocalPort();
      var thrown =
          assertThrows(
              DownloadException.class,
              () -> fetch(notices::add, "http://" + host, "http://no.such.host.invalid/"));
      assertEquals(
          "no mirror can be reached (tried " + host + ", no.such.host.invalid)",
          thrown.getMessage());
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < 4500, millis + " ms");
    assertFalse(Files.exists(target().getParent()));
  }

  @Test
  void oneMirrorThatAnswersIsEnough() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var mirror = new MirrorServer(zipped)) {
      fetch(notices::add, "http://localhost:" + silent.getLocalPort(), mirror.address());
      assertFetched();
    }
  }

  @Test
  void saysWhenTheFolderCannotBeMade() throws Exception {
    Files.write(temporary.resolve("data"), new byte[0]);
    try (var mirror = new MirrorServer(zipped)) {
      var thrown = assertThrows(DownloadException.class, () -> fetch(mirror));
      assertTrue(
          thrown.getMessage().startsWith("cannot write to " + temporary.resolve("data") + " ("),
          thrown.getMessage());
    }
  }

  @Test
  void refusesAnAddressThatIsNone() {
    for (String text : List.of("ftp://example.org/", "here", "http://", "http://[")) {
      var thrown = assertThrows(MillraceException.class, () -> Mirrors.parse(text));
      assertEquals(
          "millrace.mnist.mirrors: each must be an http or https address, commas between them,"
              + " found "
              + text,
          thrown.getMessage());
    }
    assertEquals(3, Mirrors.fromSystem().addresses().size());
  }

  @Test
  void threadsThatWantOneFileFetchItOnce() throws Exception {
    try (var mirror = new MirrorServer(zipped);
        var pool = Executors.newFixedThreadPool(4)) {
      Callable<Boolean> task =
          () -> {
            fetch(mirror);
            return true;
          };
      for (Future<Boolean> result : pool.invokeAll(Collections.nCopies(4, task))) {
        assertTrue(result.get());
      }
      assertFetched();
      assertEquals(List.of(0), mirror.requests);
    }
  }

  @Test
  void processesThatWantOneFileFetchItOnce() throws Exception {
    try (var mirror = new MirrorServer(zipped)) {
      List<Process> processes = IntStream.range(0, 2).mapToObj(i -> start(mirror)).toList();
      for (Process process : processes) {
        assertTrue(process.waitFor(40, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), () -> output(process));
      }
      assertFetched();
      assertEquals(List.of(0), mirror.requests);
    }
  }

  private Process start(MirrorServer mirror) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = String.join(File.pathSeparator, place(Mnist.class), place(DownloadTest.class));
    try {
      return new ProcessBuilder(
              java,
              "-cp",
              classes,
              DownloadProcess.class.getName(),
              target().getParent().toString(),
              mirror.address())
          .redirectErrorStream(true)
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static String output(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What the processes of a test do. */
  static final class DownloadProcess {
    private DownloadProcess() {}

    public static void main(String[] arguments) throws Exception {
      new Download(Path.of(arguments[0]), Mirrors.parse(arguments[1]), IO::println, STALL)
          .fetch(List.of(remote(content())));
    }
  }
}
