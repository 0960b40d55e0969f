package dev.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.session.Session;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: every package knows only those below it. Read from class files. */
class ArchitectureTest {
  private static final String ROOT = "dev.millrace";

  /** From the bottom up; the root package on top knows all of them. */
  private static final List<String> LAYERS =
      List.of(
          "tensor",
          "provider",
          "linalg",
          "kernel",
          "op",
          "graph",
          "grad",
          "flow",
          "compile",
          "cpu",
          "profile",
          "session",
          "train",
          "data",
          "");

  /** Data sets stand beside the machinery, not on top of it. */
  private static final Set<String> SEEN_BY_DATA = Set.of("tensor", "data");

  private static final Pattern NAMED = Pattern.compile("L(dev/millrace/[\\w/$]+);");

  /** That {@code user}, a class, knows {@code used}. */
  private record Arrow(String user, String used) {
    private static String layer(String name) {
      int dot = name.lastIndexOf('.');
      return dot <= ROOT.length() ? "" : name.substring(ROOT.length() + 1, dot);
    }

    boolean isAllowed() {
      String from = layer(user);
      String to = layer(used);
      if (from.equals("data")) {
        return SEEN_BY_DATA.contains(to);
      }
      return LAYERS.contains(to) && LAYERS.indexOf(to) <= LAYERS.indexOf(from);
    }

    @Override
    public String toString() {
      return user + " -> " + used;
    }
  }

  @Test
  void noPackageKnowsOneAboveIt() throws Exception {
    List<Arrow> arrows = arrowsOf(Path.of(Ops.class.getResource("Ops.class").toURI()).getParent());
    assertTrue(arrows.size() > 500, () -> "arrows are found, not just " + arrows.size());
    assertEquals(List.of(), upward(arrows));
  }

  @Test
  void everyPackageHasALayer() throws Exception {
    Path classes = Path.of(Ops.class.getResource("Ops.class").toURI()).getParent();
    try (Stream<Path> folders = Files.list(classes)) {
      List<String> unknown =
          folders
              .filter(Files::isDirectory)
              .map(folder -> folder.getFileName().toString())
              .filter(name -> !LAYERS.contains(name))
              .toList();
      assertEquals(List.of(), unknown, "packages without a place in the order of layers");
    }
  }

  @Test
  void anUpwardArrowIsFoundAndNamed() {
    var arrows =
        List.of(
            new Arrow("dev.millrace.graph.Graph", "dev.millrace.op.Op"),
            new Arrow("dev.millrace.tensor.Shape", "dev.millrace.session.Session"),
            new Arrow("dev.millrace.data.Mnist", "dev.millrace.graph.Graph"),
            new Arrow("dev.millrace.cpu.Workers", "dev.millrace.Ops"),
            new Arrow("dev.millrace.Ops", "dev.millrace.data.LabelEncoding"));
    assertEquals(
        List.of(
            "dev.millrace.tensor.Shape -> dev.millrace.session.Session",
            "dev.millrace.data.Mnist -> dev.millrace.graph.Graph",
            "dev.millrace.cpu.Workers -> dev.millrace.Ops"),
        upward(arrows));
  }

  @Test
  void arrowsAreReadFromClassFiles() throws Exception {
    Path session = Path.of(Session.class.getResource("Session.class").toURI());
    List<String> arrows = arrows(session).stream().map(Arrow::toString).toList();
    assertTrue(
        arrows.contains("dev.millrace.session.Session -> dev.millrace.compile.Compiler"),
        arrows::toString);
  }

  private static List<String> upward(List<Arrow> arrows) {
    return arrows.stream().filter(arrow -> !arrow.isAllowed()).map(Arrow::toString).toList();
  }

  /** The arrows of all classes in a folder of the main tree. */
  private static List<Arrow> arrowsOf(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .flatMap(file -> arrows(file).stream())
          .toList();
    }
  }

  /** Every class of the project that the constant pool names, as a class or in a descriptor. */
  private static List<Arrow> arrows(Path file) {
    try {
      ClassModel model = ClassFile.of().parse(file);
      String user = model.thisClass().asInternalName().replace('/', '.');
      var used = new TreeSet<String>();
      for (PoolEntry entry : model.constantPool()) {
        if (entry instanceof ClassEntry named && isOurs(named.asInternalName())) {
          used.add(named.asInternalName().replace('/', '.'));
        } else if (entry instanceof Utf8Entry text) {
          Matcher names = NAMED.matcher(text.stringValue());
          while (names.find()) {
            used.add(names.group(1).replace('/', '.'));
          }
        }
      }
      return used.stream().map(name -> new Arrow(user, name)).toList();
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  private static boolean isOurs(String internalName) {
    return internalName.startsWith("dev/millrace/");
  }
}
