package dev.millrace.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.session.Feeds;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every op of the list: that it is listed, documented, and infers its type. */
class OpTableTest {
  private static final Path SOURCES =
      Path.of(System.getProperty("millrace.root", ".."), "core/src/main/java/dev/millrace/op");

  /** Every line of the list with operands of the first type that it takes, over the dim n. */
  private static final String TYPES =
      """
      add FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      subtract FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      multiply FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      divide FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      modulo FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      pow FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      maximum FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      minimum FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      negate FLOAT32 [n] -> FLOAT32 [n]
      abs FLOAT32 [n] -> FLOAT32 [n]
      sign FLOAT32 [n] -> FLOAT32 [n]
      exp FLOAT32 [n] -> FLOAT32 [n]
      expm1 FLOAT32 [n] -> FLOAT32 [n]
      log FLOAT32 [n] -> FLOAT32 [n]
      log1p FLOAT32 [n] -> FLOAT32 [n]
      sqrt FLOAT32 [n] -> FLOAT32 [n]
      sin FLOAT32 [n] -> FLOAT32 [n]
      cos FLOAT32 [n] -> FLOAT32 [n]
      tanh FLOAT32 [n] -> FLOAT32 [n]
      erf FLOAT32 [n] -> FLOAT32 [n]
      ndtri FLOAT32 [n] -> FLOAT32 [n]
      logistic FLOAT32 [n] -> FLOAT32 [n]
      softplus FLOAT32 [n] -> FLOAT32 [n]
      relu FLOAT32 [n] -> FLOAT32 [n]
      xlogy FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      floor FLOAT32 [n] -> FLOAT32 [n]
      ceil FLOAT32 [n] -> FLOAT32 [n]
      round FLOAT32 [n] -> FLOAT32 [n]
      equal FLOAT32 [n] x FLOAT32 [n] -> BOOL [n]
      notEqual FLOAT32 [n] x FLOAT32 [n] -> BOOL [n]
      less FLOAT32 [n] x FLOAT32 [n] -> BOOL [n]
      lessEqual FLOAT32 [n] x FLOAT32 [n] -> BOOL [n]
      greater FLOAT32 [n] x FLOAT32 [n] -> BOOL [n]
      greaterEqual FLOAT32 [n] x FLOAT32 [n] -> BOOL [n]
      and BOOL [n] x BOOL [n] -> BOOL [n]
      or BOOL [n] x BOOL [n] -> BOOL [n]
      not BOOL [n] -> BOOL [n]
      xor BOOL [n] x BOOL [n] -> BOOL [n]
      trunc FLOAT32 [n] -> FLOAT32 [n]
      floorDiv FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      fmod FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      clip FLOAT32 [n] x FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      bitAnd INT32 [n] x INT32 [n] -> INT32 [n]
      bitOr INT32 [n] x INT32 [n] -> INT32 [n]
      bitXor INT32 [n] x INT32 [n] -> INT32 [n]
      bitNot INT32 [n] -> INT32 [n]
      shiftLeft INT32 [n] x INT32 [n] -> INT32 [n]
      shiftRight INT32 [n] x INT32 [n] -> INT32 [n]
      bitCount INT32 [n] -> INT32 [n]
      tan FLOAT32 [n] -> FLOAT32 [n]
      asin FLOAT32 [n] -> FLOAT32 [n]
      acos FLOAT32 [n] -> FLOAT32 [n]
      atan FLOAT32 [n] -> FLOAT32 [n]
      atan2 FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      hypot FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      sinh FLOAT32 [n] -> FLOAT32 [n]
      cosh FLOAT32 [n] -> FLOAT32 [n]
      asinh FLOAT32 [n] -> FLOAT32 [n]
      acosh FLOAT32 [n] -> FLOAT32 [n]
      atanh FLOAT32 [n] -> FLOAT32 [n]
      exp2 FLOAT32 [n] -> FLOAT32 [n]
      log2 FLOAT32 [n] -> FLOAT32 [n]
      log10 FLOAT32 [n] -> FLOAT32 [n]
      cbrt FLOAT32 [n] -> FLOAT32 [n]
      logAddExp FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      log1mexp FLOAT32 [n] -> FLOAT32 [n]
      xlog1py FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      erfc FLOAT32 [n] -> FLOAT32 [n]
      erfinv FLOAT32 [n] -> FLOAT32 [n]
      lgamma FLOAT32 [n] -> FLOAT32 [n]
      polygamma FLOAT32 [n] -> FLOAT32 [n]
      polygamma FLOAT32 [3, n] -> FLOAT32 [3, n]
      sinc FLOAT32 [n] -> FLOAT32 [n]
      sinc FLOAT32 [n] -> FLOAT32 [n]
      select BOOL [n, 3] x FLOAT32 [n, 3] x FLOAT32 [n, 3] -> FLOAT32 [n, 3]
      cast FLOAT32 [n, 3] -> FLOAT32 [n, 3]
      cast FLOAT32 [n, 3] -> FLOAT64 [n, 3]
      cast FLOAT32 [n, 3] -> INT32 [n, 3]
      cast FLOAT32 [n, 3] -> INT64 [n, 3]
      cast FLOAT32 [n, 3] -> UINT8 [n, 3]
      cast FLOAT32 [n, 3] -> BOOL [n, 3]
      cast FLOAT32 [n, 3] -> FLOAT16 [n, 3]
      cast FLOAT32 [n, 3] -> BFLOAT16 [n, 3]
      cast FLOAT32 [n, 3] -> INT8 [n, 3]
      cast FLOAT32 [n, 3] -> INT16 [n, 3]
      cast FLOAT32 [n, 3] -> UINT16 [n, 3]
      cast FLOAT32 [n, 3] -> UINT32 [n, 3]
      cast FLOAT32 [n, 3] -> UINT64 [n, 3]
      stopGradient FLOAT32 [n, 3] -> FLOAT32 [n, 3]
      reduceSum FLOAT32 [3, n] -> FLOAT32 [3]
      reduceSum FLOAT32 [n, 5] -> FLOAT32 [5]
      reduceProd FLOAT32 [3, n] -> FLOAT32 [3]
      reduceProd FLOAT32 [n, 2] -> FLOAT32 [2]
      reduceMax FLOAT32 [3, n] -> FLOAT32 [3]
      reduceMin FLOAT32 [n, 3] -> FLOAT32 [3]
      argMax FLOAT32 [3, n] -> INT64 [3]
      argMin FLOAT32 [n, 3] -> INT64 [3]
      matmul FLOAT32 [n, 4] x FLOAT32 [4, 5] -> FLOAT32 [n, 5]
      matmul FLOAT32 [3, n] x FLOAT32 [n, 2] -> FLOAT32 [3, 2]
      matmul FLOAT32 [2, 3, 4] x FLOAT32 [2, 4, n] -> FLOAT32 [2, 3, n]
      convolution FLOAT32 [n, 4, 2] x FLOAT32 [3, 2, 3] -> FLOAT32 [n, 2, 3]
      convolution FLOAT32 [2, 3, n] x FLOAT32 [1, n, 1] -> FLOAT32 [2, 2, 1]
      convolution FLOAT32 [2, 6, 5, 2] x FLOAT32 [3, 2, 2, n] -> FLOAT32 [2, 2, 3, n]
      convolution FLOAT32 [n, 2, 4, 2, 2] x FLOAT32 [2, 2, 2, 2, 3] -> FLOAT32 [n, 1, 2, 2, 3]
      filterGradient FLOAT32 [n, 6, 2] x FLOAT32 [n, 2, 3] -> FLOAT32 [3, 2, 3]
      filterGradient FLOAT32 [2, 4, 2, 1] x FLOAT32 [2, 2, 2, n] -> FLOAT32 [2, 2, 1, n]
      maxPool FLOAT32 [n, 4, 5, 2] -> FLOAT32 [n, 2, 2, 2]
      maxPool FLOAT32 [2, 7, n] -> FLOAT32 [2, 3, n]
      maxPool FLOAT32 [n, 4, 1] -> FLOAT32 [n, 2, 1]
      sumPool FLOAT32 [n, 2, 5, 2] -> FLOAT32 [n, 2, 2, 2]
      sumPool FLOAT32 [2, 7, n] -> FLOAT32 [2, 3, n]
      depthwise FLOAT32 [n, 4, 5, 2] x FLOAT32 [2, 2, 1, 2] -> FLOAT32 [n, 2, 2, 2]
      depthwise FLOAT32 [2, 3, 3, 2] x FLOAT32 [2, 1, 1, 4] -> FLOAT32 [2, 1, 2, 4]
      broadcastTo FLOAT32 [3, 1] x FLOAT32 [2, 3, n] -> FLOAT32 [2, 3, n]
      transpose FLOAT32 [2, n, 3] -> FLOAT32 [3, 2, n]
      expandDims FLOAT32 [n, 3] -> FLOAT32 [1, n, 1, 3]
      squeeze FLOAT32 [1, n, 1, 3] -> FLOAT32 [n, 3]
      slice FLOAT32 [n, 5] -> FLOAT32 [n, 2]
      slice FLOAT32 [n, 3] -> FLOAT32 [n, 2]
      reshape FLOAT32 [n, 2, 3] -> FLOAT32 [2*n, 3]
      concat FLOAT32 [2, 3] x FLOAT32 [n, 3] x FLOAT32 [1, 3] -> FLOAT32 [n + 3, 3]
      concat FLOAT32 [n, 3] x FLOAT32 [n, 2] -> FLOAT32 [n, 5]
      pad FLOAT32 [n, 2] -> FLOAT32 [n + 3, 2]
      cholesky FLOAT32 [n, n] -> FLOAT32 [n, n]
      triangularSolve FLOAT32 [n, n] x FLOAT32 [n, 2] -> FLOAT32 [n, 2]
      triangularSolve FLOAT32 [2, n, n] x FLOAT32 [n, 2] -> FLOAT32 [2, n, 2]
      solve FLOAT32 [n, n] x FLOAT32 [n, 2] -> FLOAT32 [n, 2]
      lu FLOAT32 [n, n] -> FLOAT32 [n, n]
      lu FLOAT32 [n, n] -> FLOAT32 [n, n]
      det FLOAT32 [2, n, n] -> FLOAT32 [2]
      logAbsDet FLOAT32 [n, n] -> FLOAT32 []
      qr FLOAT32 [5, n] -> FLOAT32 [5, n]
      qr FLOAT32 [2, 5, n] -> FLOAT32 [2, n, n]
      eigh FLOAT32 [n, n] -> FLOAT32 [n]
      eigh FLOAT32 [n, n] -> FLOAT32 [n, n]
      svd FLOAT32 [5, n] -> FLOAT32 [5, n]
      svd FLOAT32 [5, n] -> FLOAT32 [n]
      matrixExp FLOAT32 [n, n] -> FLOAT32 [n, n]
      pinv FLOAT32 [5, n] -> FLOAT32 [n, 5]
      customGradient FLOAT32 [n, 3] -> FLOAT32 [n, 3]
      checkNumerics FLOAT32 [n, 3] -> FLOAT32 [n, 3]
      assertThat FLOAT32 [n, 3] x BOOL [n] -> FLOAT32 [n, 3]
      print FLOAT32 [n] -> FLOAT32 [n]
      iota FLOAT32 [n] -> FLOAT32 [n]
      dimValue FLOAT32 [n] -> FLOAT32 []
      uniform INT64 [] x FLOAT32 [n, 3] -> FLOAT32 [n, 3]
      gather FLOAT32 [3, 4] x INT64 [n, 2] -> FLOAT32 [n, 2, 4]
      gather FLOAT32 [n, 3, 2] x INT64 [4] -> FLOAT32 [n, 4, 2]
      gather FLOAT32 [2, 3, n] x INT64 [2, 4] -> FLOAT32 [2, 4, n]
      takeAlongAxis FLOAT32 [3, n] x INT64 [4, n] -> FLOAT32 [4, n]
      takeAlongAxis FLOAT32 [n, 3] x INT64 [n, 2] -> FLOAT32 [n, 2]
      gatherNd FLOAT32 [3, 4, n] x INT64 [5, 2] -> FLOAT32 [5, n]
      gatherNd FLOAT32 [n, 3, 2] x INT64 [n, 4, 1] -> FLOAT32 [n, 4, 2]
      dynamicSlice FLOAT32 [4, n, 5] x INT64 [3] -> FLOAT32 [2, n, 2]
      scatterSet FLOAT32 [3, n] x INT64 [5] x FLOAT32 [5, n] -> FLOAT32 [3, n]
      scatterAdd FLOAT32 [3, n] x INT64 [5] x FLOAT32 [5, n] -> FLOAT32 [3, n]
      scatterAdd FLOAT32 [n, 3] x INT64 [4] x FLOAT32 [n, 4] -> FLOAT32 [n, 3]
      scatterMultiply FLOAT32 [3] x INT64 [5] x FLOAT32 [5] -> FLOAT32 [3]
      scatterMax FLOAT32 [3, n] x INT64 [5] x FLOAT32 [5, n] -> FLOAT32 [3, n]
      scatterMin FLOAT32 [3, n] x INT64 [5] x FLOAT32 [5, n] -> FLOAT32 [3, n]
      scatterElementsAdd FLOAT32 [n, 3] x INT64 [n, 4] x FLOAT32 [n, 4] -> FLOAT32 [n, 3]
      scatterNdSet FLOAT32 [3, 4, n] x INT64 [3, 2] x FLOAT32 [3, n] -> FLOAT32 [3, 4, n]
      dynamicUpdateSliceSet FLOAT32 [4, n] x INT64 [2] x FLOAT32 [2, n] -> FLOAT32 [4, n]
      cumulativeSum FLOAT32 [3, n] -> FLOAT32 [3, n]
      cumulativeSum FLOAT32 [n, 3] -> FLOAT32 [n, 3]
      cumulativeProd FLOAT32 [2, n, 3] -> FLOAT32 [2, n, 3]
      cumulativeProd FLOAT32 [n] -> FLOAT32 [n]
      cumulativeMax FLOAT32 [2, n] -> FLOAT32 [2, n]
      cumulativeMax FLOAT32 [n, 2] -> FLOAT32 [n, 2]
      cumulativeMin FLOAT32 [n, 2] -> FLOAT32 [n, 2]
      cumulativeLogSumExp FLOAT32 [2, n] -> FLOAT32 [2, n]
      cumulativeLogSumExp FLOAT32 [n, 2] -> FLOAT32 [n, 2]
      delay FLOAT32 [n, 2] -> FLOAT32 [n, 2]
      linearRecurrence FLOAT32 [n, 2] x FLOAT32 [n, 2] -> FLOAT32 [n, 2]
      linearRecurrence FLOAT32 [2, n] x FLOAT32 [2, n] -> FLOAT32 [2, n]
      slidingWindow FLOAT32 [n, 9, 2] -> FLOAT32 [n, 3, 3, 2]
      slidingWindow FLOAT32 [4, n] -> FLOAT32 [3, 2, n]
      overlapAdd FLOAT32 [7, n] x FLOAT32 [3, 3, n] -> FLOAT32 [7, n]
      overlapAdd FLOAT32 [n, 4] x FLOAT32 [n, 2, 2] -> FLOAT32 [n, 4]
      diagonal FLOAT32 [n, n] -> FLOAT32 [n]
      diagonal FLOAT32 [4, n, 3] -> FLOAT32 [n, 3]
      split FLOAT32 [n, 3] -> FLOAT32 [n, 3]
      diag FLOAT32 [2, n] -> FLOAT32 [2, n + 1, n + 1]
      argSort FLOAT32 [2, n] -> INT64 [2, n]
      argSort FLOAT32 [n, 5] -> INT64 [n, 5]
      fft FLOAT32 [n, 4] x FLOAT32 [n, 4] -> FLOAT32 [n, 4]
      fft FLOAT32 [2, n] x FLOAT32 [2, n] -> FLOAT32 [2, n]
      ifft FLOAT32 [3, n] x FLOAT32 [3, n] -> FLOAT32 [3, n]
      gamma FLOAT32 [n] -> FLOAT32 [n]
      poisson FLOAT32 [n] -> FLOAT32 [n]
      binomial FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]
      """;

  @Test
  void everyClassOfAnOpIsInTheList() throws Exception {
    Set<String> listed =
        built().stream().map(op -> op.getClass().getName()).collect(Collectors.toSet());
    var missing = new TreeSet<String>();
    for (Class<?> type : classes()) {
      if (Op.class.isAssignableFrom(type) && !type.isInterface()) {
        missing.add(type.getName());
      }
    }
    assertTrue(missing.size() > 10, "ops are found");
    missing.removeAll(listed);
    assertEquals(Set.of(), missing, "ops without a line in OpList");
  }

  /** Every class of the package of the ops. */
  private static List<Class<?>> classes() throws Exception {
    var classes = new ArrayList<Class<?>>();
    URI folder = Op.class.getResource("Op.class").toURI().resolve(".");
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (String name : files.map(file -> file.getFileName().toString()).toList()) {
        if (name.endsWith(".class")) {
          classes.add(Class.forName("dev.millrace.op." + name.replace(".class", "")));
        }
      }
    }
    return classes;
  }

  @Test
  void everyElementwiseConstantIsInTheList() throws Exception {
    var listed = new HashSet<>(built());
    var missing = new ArrayList<String>();
    for (Class<?> type : classes()) {
      for (var field : type.getDeclaredFields()) {
        boolean isConstant = Modifier.isStatic(field.getModifiers());
        if (isConstant && field.getType() == Elementwise.class) {
          field.setAccessible(true);
          if (!listed.contains(field.get(null))) {
            missing.add(type.getSimpleName() + "." + field.getName());
          }
        }
      }
    }
    assertEquals(List.of(), missing, "constants without a line in OpList");
  }

  private static List<Op> built() {
    return OpList.all().stream()
        .map(entry -> new OpExample(entry, someType(entry), Dim.of("n")).result().op())
        .map(op -> op.orElseThrow())
        .mapMulti((Op op, java.util.function.Consumer<Op> all) -> {
          all.accept(op);
          if (op instanceof Part part) {
            all.accept(part.of());
          }
        })
        .toList();
  }

  /** The first type that the op takes. */
  private static DType someType(OpList.Entry entry) {
    return types(entry).getFirst();
  }

  /** The types that the op takes. */
  static List<DType> types(OpList.Entry entry) {
    var types = new ArrayList<DType>();
    for (DType dtype : DType.values()) {
      try {
        new OpExample(entry, dtype, Dim.of("n"));
        types.add(dtype);
      } catch (DTypeException refused) {
        assertTrue(refused.getMessage().startsWith(entry.name() + ": "), refused::getMessage);
      }
    }
    return types;
  }

  @Test
  void everyOpIsNamedAsInItsLine() {
    for (OpList.Entry entry : OpList.all()) {
      Op op = new OpExample(entry, someType(entry), Dim.of("n")).result().op().orElseThrow();
      assertEquals(entry.name(), op.name());
    }
  }

  @Test
  void everyDeclarationHasJavadoc() throws IOException {
    var undocumented = new ArrayList<String>();
    int found = 0;
    var declaration =
        Pattern.compile(
            "(?m)^ *(?:public |private )?(?:static final Elementwise (\\w+) ="
                + "|record (\\w+)\\([^)]*\\) implements Op )");
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        String source = Files.readString(file);
        var matcher = declaration.matcher(source);
        while (matcher.find()) {
          found++;
          if (!source.substring(0, matcher.start()).stripTrailing().endsWith("*/")) {
            undocumented.add(file.getFileName() + ": " + matcher.group().strip());
          }
        }
      }
    }
    var ops =
        new LinkedHashSet<Op>(built().stream().filter(Elementwise.class::isInstance).toList());
    assertTrue(found > ops.size(), "declarations are found in " + SOURCES);
    assertEquals(List.of(), undocumented, "ops without Javadoc");
  }

  @Test
  void typesAndShapesAreInferred() {
    String lines =
        OpList.all().stream()
            .map(entry -> new OpExample(entry, someType(entry), Dim.of("n")).toString())
            .collect(Collectors.joining("\n", "", "\n"));
    assertEquals(TYPES, lines);
  }

  @Test
  void inferredShapesAreThoseOfTheRun() {
    for (OpList.Entry entry : OpList.all()) {
      for (int n : new int[] {0, 1, 5}) {
        var example = new OpExample(entry, someType(entry), Dim.of("n"));
        Map<dev.millrace.graph.Value, Tensor> data = example.smooth(n, n);
        Feeds feeds = Feeds.NONE;
        for (var placeholder : example.placeholders()) {
          feeds = feeds.and(placeholder, data.get(placeholder));
        }
        Tensor result = new Session(example.graph(), 1).run(example.result(), feeds);
        Shape inferred = example.result().shape().map(dim -> Dim.of(dim.evaluate(symbol -> n)));
        assertEquals(inferred, result.shape(), example::toString);
        assertEquals(example.result().dtype(), result.dtype(), example::toString);
      }
    }
  }
}
