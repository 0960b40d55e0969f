package dev.millrace.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path folder;

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private String fault(String name, byte[] content) throws IOException {
    Path file = file(name, content);
    var thrown = assertThrows(IdxFormatException.class, () -> Idx.read(file));
    assertEquals(file.toString(), thrown.file());
    assertEquals(file + ": offset " + thrown.offset() + ": " + thrown.rule(), thrown.getMessage());
    return thrown.offset() + ": " + thrown.rule();
  }

  @Test
  void readsPlainAndCompressedFilesOfRanksOneToFour() throws IOException {
    for (int rank = 1; rank <= 4; rank++) {
      var dims = Arrays.copyOf(new int[] {2, 3, 4, 5}, rank);
      var content = new byte[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
      content[content.length - 1] = (byte) 200;
      byte[] bytes = IdxFiles.idx(0x800 | rank, dims, content);
      for (Path file : new Path[] {file("plain", bytes), file("zip.gz", IdxFiles.gzip(bytes))}) {
        Idx idx = Idx.read(file);
        assertEquals(rank, idx.rank());
        assertEquals(dims[rank - 1], idx.dim(rank - 1));
        assertArrayEquals(content, idx.bytes());
        assertEquals(DType.UINT8, idx.toTensor().dtype());
        assertEquals(
            Shape.of(Arrays.stream(dims).asLongStream().toArray()), idx.toTensor().shape());
      }
    }
  }

  @Test
  void readsAFileThatABrowserDecompressedUnderItsOldName() throws IOException {
    assertEquals(3, Idx.read(file("labels.gz", IdxFiles.labels(3))).dim(0));
  }

  @Test
  void readsAnEmptyArray() throws IOException {
    assertEquals(0, Idx.read(file("empty", IdxFiles.labels(0))).bytes().length);
  }

  @Test
  void namesTheRuleThatAHeaderBreaks() throws IOException {
    assertEquals(
        "0: an idx file must start with 0x0000, found 0x3c68",
        fault("page", "<html>".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(
        "2: the element type must be 0x08 (unsigned bytes), found 0x0d",
        fault("floats", IdxFiles.idx(0xd01, new int[] {1}, new byte[4])));
    assertEquals(
        "3: the rank must be 1 to 4, found 5",
        fault("rank", IdxFiles.idx(0x805, new int[] {1, 1, 1, 1, 1}, new byte[1])));
    assertEquals(
        "3: the rank must be 1 to 4, found 0",
        fault("rank0", IdxFiles.idx(0x800, new int[0], new byte[1])));
    assertEquals(
        "0: truncated: the header must go on for 4 bytes, found 0", fault("empty", new byte[0]));
    assertEquals(
        "4: truncated: the header must go on for 4 bytes, found 2",
        fault("short", new byte[] {0, 0, 8, 1, 0, 0}));
  }

  @Test
  void namesTheOffsetWhereTheElementsEnd() throws IOException {
    byte[] right = IdxFiles.labels(10);
    assertEquals(
        "8: truncated: the dims [10] promise 10 bytes, the file has 7",
        fault("truncated", Arrays.copyOf(right, 15)));
    assertEquals(
        "15: truncated: the dims [10] promise 10 bytes, the file has 7",
        fault("truncated.gz", IdxFiles.gzip(Arrays.copyOf(right, 15))));
    assertEquals(
        "18: the file must end here: the dims [10] promise 10 bytes, found more",
        fault("long", Arrays.copyOf(right, 19)));
  }

  @Test
  void believesNoHeaderThatPromisesMoreThanTheFileCanHold() throws IOException {
    byte[] lie = IdxFiles.idx(0x801, new int[] {200_000_000}, new byte[1000]);
    assertEquals(
        "8: truncated: the dims [200000000] promise 200000000 bytes, the file has 1000",
        fault("lie", lie));
    assertTrue(
        fault("lie.gz", IdxFiles.gzip(lie))
            .startsWith(
                "8: truncated: the dims [200000000] promise 200000000 bytes, the file has at"
                    + " most "));
    assertEquals(
        "4: at most 268435456 elements are read, the dims are [4294967295, 28, 28]",
        fault("huge", IdxFiles.idx(0x803, new int[] {-1, 28, 28}, new byte[784])));
    assertEquals(
        "4: at most 268435456 elements are read, the dims are [0, 4294967295]",
        fault("hollow", IdxFiles.idx(0x802, new int[] {0, -1}, new byte[0])));
    assertEquals(
        "4: at most 268435456 elements are read, the dims are "
            + "[4294967295, 4294967295, 4294967295, 4294967295]",
        fault("overflow", IdxFiles.idx(0x804, new int[] {-1, -1, -1, -1}, new byte[0])));
  }

  @Test
  void stopsAtTheEndOfTheElementsOfAGzipBomb() throws IOException {
    byte[] bomb = Arrays.copyOf(IdxFiles.labels(10), 50_000_000);
    assertEquals(
        "18: the file must end here: the dims [10] promise 10 bytes, found more",
        fault("bomb.gz", IdxFiles.gzip(bomb)));
  }

  @Test
  void keepsToTheLimitOfTheCaller() throws IOException {
    Path file = file("labels", IdxFiles.labels(11));
    var thrown = assertThrows(IdxFormatException.class, () -> Idx.read(file, 10));
    assertEquals("at most 10 elements are read, the dims are [11]", thrown.rule());
  }

  @Test
  void saysWhenAGzipIsNone() throws IOException {
    assertEquals(
        "0: a .gz file must start with 1f 8b, found 3c 68: it may be a web page that was saved"
            + " under this name; fetch the file again",
        fault("a.gz", "<html>".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void saysWhenAGzipIsDamaged() throws IOException {
    byte[] right = IdxFiles.gzip(IdxFiles.images(20));
    assertTrue(
        fault("cut.gz", Arrays.copyOf(right, right.length / 2))
            .endsWith("the gzip stream is damaged (it ends too early): fetch the file again"));
    right[right.length - 5] ^= 1;
    assertTrue(fault("sum.gz", right).contains("the gzip stream is damaged ("));
  }

  @Test
  void everyCutAndEveryChangedByteGivesAnArrayOrAnIoException() throws IOException {
    for (byte[] right : new byte[][] {IdxFiles.labels(30), IdxFiles.gzip(IdxFiles.labels(30))}) {
      for (int at = 0; at < right.length; at++) {
        Path cut = file("cut", Arrays.copyOf(right, at));
        assertThrows(IOException.class, () -> Idx.read(cut));
        byte[] changed = right.clone();
        changed[at] ^= (byte) (1 << at % 8);
        Path path = file("changed", changed);
        try {
          assertTrue(Idx.read(path).bytes().length <= 30 * 256);
        } catch (IdxFormatException expected) {
          assertTrue(expected.getMessage().contains("offset"));
        }
      }
    }
  }
}
