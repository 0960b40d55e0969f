package dev.millrace.cli;

import dev.millrace.cli.mnist.MnistCommand;
import dev.millrace.cli.option.UsageException;
import dev.millrace.cli.terminal.Terminal;
import dev.millrace.tensor.MillraceException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * The program behind {@code ./millrace}: finds the command that the first argument names and turns
 * what it throws into one line for people. Exit codes: 0 done, 1 failed, 2 called in a wrong way.
 */
public final class Main {
  /** Exit code of a command that did what it is for. */
  public static final int DONE = 0;

  /** Exit code of a command that failed. */
  public static final int FAILED = 1;

  /** Exit code of a call with wrong arguments. */
  public static final int MISUSED = 2;

  private static final String STACKTRACE = "--stacktrace";

  private final PrintStream out;
  private final PrintStream err;
  private final Terminal terminal;

  /** The program with results on {@code out}, errors on {@code err}, and what the terminal can. */
  public Main(PrintStream out, PrintStream err, Terminal terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** Runs and ends the process with the exit code. */
  public static void main(String... arguments) {
    int code = new Main(System.out, System.err, Terminal.detect()).run(arguments);
    System.out.flush();
    System.exit(code);
  }

  /** Does what the arguments say and returns the exit code; throws nothing but an {@link Error}. */
  public int run(String... arguments) {
    List<String> words = Arrays.asList(arguments);
    String command = words.isEmpty() ? "" : words.getFirst();
    try {
      return switch (command) {
        case "mnist" -> {
          new MnistCommand(out, err, terminal).run(words.subList(1, words.size()));
          yield DONE;
        }
        case "" -> throw new UsageException("takes a command: mnist");
        default ->
            throw new UsageException("there is no command '" + command + "', there is: mnist");
      };
    } catch (UsageException misuse) {
      err.println(prefix(command) + misuse.getMessage());
      return MISUSED;
    } catch (MillraceException failure) {
      return failed(command, failure, oneLine(String.valueOf(failure.getMessage())), words);
    } catch (OutOfMemoryError full) {
      String heap = Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB";
      String advice = "; more: MILLRACE_JAVA_OPTIONS=-Xmx2g ./millrace " + command;
      return failed(command, full, "the memory of " + heap + " does not suffice" + advice, words);
    } catch (RuntimeException bug) {
      String hint = words.contains(STACKTRACE) ? "" : " (" + STACKTRACE + " shows where)";
      return failed(command, bug, "unexpected: " + oneLine(bug.toString()) + hint, words);
    }
  }

  private int failed(String command, Throwable failure, String message, List<String> words) {
    err.println(prefix(command) + message);
    if (words.contains(STACKTRACE)) {
      failure.printStackTrace(err);
    }
    return FAILED;
  }

  private static String prefix(String command) {
    return command.equals("mnist") ? "millrace mnist: " : "millrace: ";
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
