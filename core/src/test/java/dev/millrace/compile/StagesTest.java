package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system property that shows the stages of the compiler. */
class StagesTest {
  private static final String PROPERTY = "millrace.trace";
  private static final String FOLDER = "millrace.dump";

  @TempDir Path folder;
  private final Graph graph = new Graph();
  private final Expr x = graph.placeholder(FLOAT32, Shape.of(ANY, 3)).named("x");
  private final Expr y = tanh(matmul(x.times(1), graph.constant(ones(3, 2)).named("w"))).named("y");
  private final Expr z = matmul(y, graph.constant(ones(2, 2)).named("v")).named("z");

  @AfterEach
  void switchOff() {
    System.clearProperty(PROPERTY);
    System.clearProperty(FOLDER);
  }

  private static String printed(String stages, Runnable action) {
    System.setProperty(PROPERTY, stages);
    PrintStream before = System.err;
    var written = new ByteArrayOutputStream();
    try (var stream = new PrintStream(written, true, StandardCharsets.UTF_8)) {
      System.setErr(stream);
      action.run();
    } finally {
      System.setErr(before);
    }
    return written.toString(StandardCharsets.UTF_8).replaceAll("program \\d+", "program N");
  }

  @Test
  void eachStageIsShownOnItsOwn() {
    assertEquals(
        """
        == program N: equations
        multiply = multiply x broadcastTo : FLOAT32 [?, 3]
        """,
        lines(printed("equations", () -> Compiled.program(z)), "==|multiply ="));
    assertEquals(
        """
        == program N: simplified
        matmul = MatMul[] x w : FLOAT32 [?, 2]
        y = tanh matmul : FLOAT32 [?, 2]
        z = MatMul[] y v : FLOAT32 [?, 2]
        return z
        """,
        printed("simplified", () -> Compiled.program(z)));
    assertEquals(
        """
        == program N: layout
        transpose : FLOAT32 [3, ?]: x at [i1, i0]
        reduceSum : FLOAT32 [3]: computed
        """,
        printed("layout", () -> Compiled.program(reduceSum(x.transpose(), 1))));
    assertEquals(
        """
        == program N: groups
        contraction sharing [?]: matmul, y (stored)
        contraction sharing [?]: z (stored)
        """,
        printed("groups", () -> Compiled.program(z)));
    assertEquals(
        """
        == program N: memory
        slot 0: FLOAT32[2*?] as for y
        bytes given: 12*? + 40
        bytes between kernels: 8*?
        bytes handed out: 8*?
        """,
        lines(
            printed("memory", () -> Compiled.program(z)), "==|slot|bytes (given|between|handed)"));
    String kernels = printed(" memory, kernels ", () -> Compiled.program(z));
    assertTrue(kernels.contains("== program N: kernels\n# matmul, y\n# "), kernels);
    assertTrue(kernels.contains(" = x, "), kernels);
    assertTrue(kernels.contains(" = slot 0"), kernels);
    assertTrue(kernels.contains("== program N: memory\n"), kernels);
  }

  /** Those that begin as the pattern says. */
  private static String lines(String text, String pattern) {
    return text.lines()
        .filter(line -> Pattern.compile(pattern).matcher(line).lookingAt())
        .map(line -> line + "\n")
        .reduce("", String::concat);
  }

  @Test
  void classesAreShownWithTheirSizes() {
    String text =
        printed("classes", () -> new Session(graph, 1).run(z.times(0.123f), feed(x, ones(1, 3))));
    assertTrue(text.matches("(?s)== class of \\d{3,5} bytes: the \\w+ form of\\n.*"), text);
  }

  @Test
  void allIsEachOfThem() {
    String text = printed("all", () -> Compiled.program(z));
    for (String stage :
        List.of("equations", "simplified", "layout", "groups", "kernels", "memory")) {
      assertTrue(text.contains("== program N: " + stage + "\n"), text);
    }
  }

  @Test
  void theFolderOfClassesGetsTheStagesOfTheirProgramsToo() throws IOException {
    System.setProperty(FOLDER, folder.toString());
    assertEquals("", printed("", () -> Compiled.program(z)));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> programs = files.toList();
      assertEquals(1, programs.size());
      assertTrue(programs.getFirst().getFileName().toString().matches("program-\\d+\\.txt"));
      String text = Files.readString(programs.getFirst());
      assertTrue(text.contains(": equations\n") && text.contains(": memory\n"), text);
    }
  }

  @Test
  void anotherNameIsAnErrorWhenASessionIsMade() {
    System.setProperty(PROPERTY, "groups,kernel");
    assertEquals(
        "session: the system property millrace.trace must be all or some of equations, simplified,"
            + " layout, groups, kernels, memory, classes, found 'groups,kernel'",
        assertThrows(MillraceException.class, () -> new Session(graph, 1)).getMessage());
  }

  @Test
  void nothingIsShownOtherwise() {
    assertEquals("", printed("", () -> new Session(graph, 1).run(z, feed(x, ones(1, 3)))));
  }
}
