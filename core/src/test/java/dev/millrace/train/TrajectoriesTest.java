package dev.millrace.train;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Action;
import dev.millrace.op.Expr;
import dev.millrace.reference.Json;
import dev.millrace.reference.SharedFolder;
import dev.millrace.session.Feeds;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Ten steps of each rule against those of another framework: loss, gradients, parameters. */
class TrajectoriesTest {
  private static List<Json> files() throws IOException {
    var files = new ArrayList<Json>();
    for (Path file : SharedFolder.jsonFiles(SharedFolder.gradients().resolve("optimizers"))) {
      files.add(Json.read(file));
    }
    return files;
  }

  private static Stream<DynamicTest> tests(DType dtype) throws IOException {
    return files().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.get("id").text(), () -> assertEquals(List.of(), differences(file, dtype))));
  }

  @TestFactory
  Stream<DynamicTest> eachStepAgreesInDoublePrecision() throws IOException {
    return tests(FLOAT64);
  }

  @TestFactory
  Stream<DynamicTest> eachStepAgreesInSinglePrecision() throws IOException {
    return tests(FLOAT32);
  }

  private static List<String> differences(Json file, DType dtype) {
    var trajectory = new Trajectory(file, dtype);
    var options = new Options(file);
    options.checkNames();
    if (options.isLbfgs()) {
      return whereLbfgsIsHigher(trajectory, options, dtype);
    }
    Action steps = trajectory.step();
    var session = new Session(trajectory.graph, 1);
    session.run(trajectory.graph.initializeAllVariables());
    var differences = new ArrayList<String>();
    for (Json step : file.get("steps").list()) {
      String at = "step " + step.get("step").number() + ": ";
      var before = new ArrayList<Expr>(List.of(trajectory.loss));
      trajectory.gradients.forEach(pair -> before.add(pair.gradient()));
      Feeds feeds =
          trajectory.hasSchedule()
              ? feed(trajectory.rate, trajectory.scalar(step.get("lr").number()))
              : Feeds.NONE;
      List<Tensor> found = session.run(steps, before, feeds);
      compare(at + "loss", step.get("loss_before"), found.getFirst(), dtype, differences);
      for (int i = 0; i < trajectory.gradients.size(); i++) {
        String name = trajectory.gradients.get(i).variable().name();
        Json expected = step.get("grad").get(name);
        compare(at + "gradient of " + name, expected, found.get(i + 1), dtype, differences);
      }
      trajectory.variables.forEach((name, variable) ->
          compare(
              at + name, step.get("params").get(name), session.run(variable), dtype, differences));
    }
    Tensor last = session.run(trajectory.loss);
    compare("final loss", file.get("final_loss"), last, dtype, differences);
    return differences;
  }

  /** Line searches differ, so that only the end is compared. */
  private static List<String> whereLbfgsIsHigher(
      Trajectory trajectory, Options options, DType dtype) {
    var session = new Session(trajectory.graph, 1);
    session.run(trajectory.graph.initializeAllVariables());
    int history = (int) options.option("history_size").number(100);
    var minimizer = new LbfgsMinimizer(session, trajectory.loss, Feeds.NONE, history);
    double loss = Double.NaN;
    for (int i = 0; i < options.file().get("steps").list().size(); i++) {
      loss = minimizer.step();
    }
    double most = options.file().get("final_loss").number();
    double tolerance = dtype == FLOAT64 ? 1e-9 : 1e-4;
    return loss <= most + tolerance * Math.max(1, Math.abs(most))
        ? List.of()
        : List.of("the loss is " + loss + ", above " + most);
  }

  private static void compare(
      String what, Json expected, Tensor found, DType dtype, List<String> differences) {
    double[] wanted = expected.numbers();
    assertEquals(wanted.length, found.size(), what);
    double absolute = dtype == FLOAT64 ? 1e-10 : 1e-5;
    double relative = dtype == FLOAT64 ? 1e-9 : 1e-4;
    for (int i = 0; i < wanted.length; i++) {
      double actual = found.doubleAt(i);
      if (!(Math.abs(wanted[i] - actual) <= absolute + relative * Math.abs(wanted[i]))) {
        differences.add(what + "[" + i + "] is " + actual + ", not " + wanted[i]);
      }
    }
  }
}
