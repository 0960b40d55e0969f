package dev.millrace.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.millrace.reference.SharedFolder;
import dev.millrace.tensor.Shape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MNIST itself, where the shared folder has it. */
class RealMnistTest {
  private Path folder;

  @BeforeEach
  void findMnist() {
    folder = SharedFolder.folder("mnist");
    assumeTrue(
        new MnistFolder(folder).isComplete(),
        "MNIST is not in the shared folder: set MILLRACE_SHARED to run this test");
  }

  @Test
  void hasTheShapesAndTheFirstLabelsOfTheTutorial() {
    DataSets mnist = Mnist.readDataSets(folder, LabelEncoding.ONE_HOT);
    assertEquals(Shape.of(60_000, 784), mnist.train().images().shape());
    assertEquals(Shape.of(60_000, 10), mnist.train().labels().shape());
    assertEquals(Shape.of(10_000, 784), mnist.test().images().shape());
    assertEquals(Shape.of(10_000, 10), mnist.test().labels().shape());
    assertArrayEquals(
        new int[] {5, 0, 4, 1}, IntStream.range(0, 4).map(mnist.train()::label).toArray());
    assertArrayEquals(
        new int[] {7, 2, 1, 0}, IntStream.range(0, 4).map(mnist.test()::label).toArray());
    assertEquals(0.1307, mean(mnist.train().images().toFloatArray()), 0.0001);
    assertEquals(0.1325, mean(mnist.test().images().toFloatArray()), 0.0001);
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  @Test
  void comesFromAMirrorWithItsSumsChecked(@TempDir Path temporary) throws IOException {
    Path absent = temporary.resolve("a/b");
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server =
        SimpleFileServer.createFileServer(
            address, folder.toRealPath(), SimpleFileServer.OutputLevel.NONE);
    server.start();
    try {
      var files = new ArrayList<String>();
      var listener =
          new MnistListener() {
            @Override
            public void notice(String sentence) {}

            @Override
            public void progress(String file, long bytes, long total) {
              assertTrue(bytes <= total);
              if (bytes == total) {
                files.add(file);
              }
            }
          };
      var mirrors = Mirrors.parse("http://localhost:" + server.getAddress().getPort());
      var mnist = new Mnist(absent, Optional.empty(), mirrors, listener);
      assertTrue(mnist.readOrDraw(LabelEncoding.ONE_HOT).isMnist());
      assertEquals(4, files.size());
    } finally {
      server.stop(0);
    }
    // Now the files are there, and no mirror is needed.
    assertEquals(5, Mnist.readDataSets(absent).train().label(0));
  }
}
