package dev.millrace.page;

import dev.millrace.Ops;
import dev.millrace.tensor.DType;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page of the documentation that names all functions: each family's class in the order of
 * inheritance, its signatures and sentences from the source, and what {@link Trial} finds out.
 */
final class OpsPage {
  private static final String ALL = "all";

  private final Path sources;
  private final StringBuilder text = new StringBuilder();

  OpsPage(Path root) {
    this.sources = root.resolve("core/src/main/java");
  }

  /** The page. */
  String text(String count, String examples) throws IOException {
    text.append(
        """
        # Operations

        Every function of `import static dev.millrace.Ops.*`. This page is made from the declarations; a test compares them, and
        `./millrace test -Dtest=OpsPageTest -Dops.page=write` writes it anew. *Types* are those of the first operand: f32, f64, i32, i64, u8, bool,
        or all. *Derivative* says whether a result has one; forward and reverse mode, of any order. Both columns were found out by calling
        the function with plain operands; `?` stands where that needs more than plain numbers, as for functions that take functions.
        Errors name the operation, its operands and the rule; see [messages](messages.md).

        """);
    text.append(examples);
    for (Class<?> family : families()) {
      addFamily(family);
    }
    return text.append(count).toString();
  }

  /** The classes that Ops inherits from, the most basic one first. */
  static List<Class<?>> families() {
    var families = new ArrayList<Class<?>>();
    for (Class<?> type = Ops.class; type != Object.class; type = type.getSuperclass()) {
      families.addFirst(type);
    }
    return families;
  }

  /** The functions on symbolic values that a class declares. */
  static List<Method> functions(Class<?> family) {
    return Arrays.stream(family.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
        .toList();
  }

  List<SourceFunction> declared(Class<?> family) throws IOException {
    Path file = sources.resolve(family.getName().replace('.', '/') + ".java");
    return SourceFunction.in(Files.readString(file));
  }

  private void addFamily(Class<?> family) throws IOException {
    Map<String, List<Trial>> trials = new LinkedHashMap<>();
    functions(family)
        .forEach(method ->
            trials
                .computeIfAbsent(method.getName(), name -> new ArrayList<>())
                .add(new Trial(method)));
    if (trials.isEmpty()) {
      return;
    }
    text.append("## ").append(title(family)).append("\n\n");
    text.append("| function | what it gives | types | derivative |\n| --- | --- | --- | --- |\n");
    for (SourceFunction function : declared(family)) {
      List<Trial> all = trials.get(function.name());
      text.append("| `").append(function.signature()).append("` | ");
      text.append(function.summary().replace("|", "\\|")).append(" | ");
      text.append(types(all)).append(" | ").append(derivative(all)).append(" |\n");
    }
    text.append('\n');
  }

  private static String title(Class<?> family) {
    if (family == Ops.class) {
      return "Feeds and derivatives";
    }
    String words =
        family.getSimpleName().replace("Functions", "").replaceAll("(?<=.)([A-Z])", " $1");
    return words.charAt(0) + words.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String types(List<Trial> trials) {
    var found =
        Arrays.stream(DType.values())
            .filter(dtype -> trials.stream().anyMatch(trial -> trial.dtypes().contains(dtype)))
            .toList();
    if (found.size() == DType.values().length) {
      return ALL;
    }
    return found.isEmpty()
        ? "?"
        : found.stream().map(OpsPage::shortName).collect(Collectors.joining(" "));
  }

  private static String shortName(DType dtype) {
    return dtype
        .name()
        .toLowerCase(Locale.ROOT)
        .replace("bfloat", "bf")
        .replace("float", "f")
        .replace("uint", "u")
        .replace("int", "i");
  }

  private static String derivative(List<Trial> trials) {
    if (trials.stream().anyMatch(Trial::isDifferentiable)) {
      return "yes";
    }
    return trials.stream().allMatch(trial -> trial.dtypes().isEmpty()) ? "?" : "no";
  }
}
