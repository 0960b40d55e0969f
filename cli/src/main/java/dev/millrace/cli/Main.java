package dev.millrace.cli;

import dev.millrace.cli.mnist.MnistCommand;
import dev.millrace.cli.terminal.Terminal;
import dev.millrace.tensor.MillraceException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program behind {@code ./millrace}: runs the command that the first argument names and turns
 * what it throws into one line for people. Exit codes: 0 done, 1 failed, 2 called in a wrong way.
 */
public final class Main {
  /** Exit code of a command that did what it is for. */
  public static final int DONE = CommandLine.ExitCode.OK;

  /** Exit code of a command that failed. */
  public static final int FAILED = CommandLine.ExitCode.SOFTWARE;

  /** Exit code of a call with wrong arguments. */
  public static final int MISUSED = CommandLine.ExitCode.USAGE;

  private final PrintStream out;
  private final PrintStream err;
  private final Terminal terminal;

  private final OptionSpec stacktrace =
      flag("shows where an error comes from", "--stacktrace").build();

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
    try {
      return program().execute(arguments);
    } catch (OutOfMemoryError full) {
      String heap = Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB";
      String advice = "; more: MILLRACE_JAVA_OPTIONS=-Xmx2g ./millrace ...";
      return failed("millrace", "the memory of " + heap + " does not suffice" + advice, full);
    }
  }

  private CommandLine program() {
    OptionSpec help = flag("shows this help", "-h", "--help").usageHelp(true).build();
    CommandSpec root = CommandSpec.create().name("millrace").addOption(stacktrace).addOption(help);
    root.addSubcommand("mnist", new MnistCommand(out, err, terminal).spec());
    boolean colors = terminal.colors() != Terminal.Colors.NONE;
    return new CommandLine(root)
        .setOut(new PrintWriter(out, true, out.charset()))
        .setErr(new PrintWriter(err, true, err.charset()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(colors ? Ansi.ON : Ansi.OFF))
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true)
        .setParameterExceptionHandler((misuse, words) -> misused(misuse))
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
  }

  /** An option without a value, which may stand before the command or behind it. */
  private static OptionSpec.Builder flag(String meaning, String... names) {
    return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
        .arity("0")
        .type(boolean.class)
        .scopeType(ScopeType.INHERIT)
        .description(meaning);
  }

  private int misused(ParameterException misuse) {
    CommandLine command = misuse.getCommandLine();
    err.println(name(command) + ": " + message(misuse, command));
    return MISUSED;
  }

  private static String message(ParameterException misuse, CommandLine command) {
    String commands = String.join(", ", command.getSubcommands().keySet());
    if (!(misuse instanceof UnmatchedArgumentException unmatched)) {
      return oneLine(String.valueOf(misuse.getMessage()))
          + (commands.isEmpty() ? "" : "; see --help");
    }
    String word = unmatched.getUnmatched().getFirst();
    if (unmatched.isUnknownOption()) {
      String near = String.join(" or ", unmatched.getSuggestions());
      String advice = near.isEmpty() ? "see --help" : "did you mean " + near + "?";
      return "there is no option '" + word + "'; " + advice;
    }
    return commands.isEmpty()
        ? "takes options only, found '" + word + "'; see --help"
        : "there is no command '" + word + "', there is: " + commands;
  }

  private int failed(Exception failure, CommandLine command) {
    if (failure instanceof MillraceException) {
      return failed(name(command), oneLine(String.valueOf(failure.getMessage())), failure);
    }
    String hint = isStacktraceWanted() ? "" : " (--stacktrace shows where)";
    return failed(name(command), "unexpected: " + oneLine(failure.toString()) + hint, failure);
  }

  private int failed(String command, String message, Throwable failure) {
    err.println(command + ": " + message);
    if (isStacktraceWanted()) {
      failure.printStackTrace(err);
    }
    return FAILED;
  }

  private boolean isStacktraceWanted() {
    return Boolean.TRUE.equals(stacktrace.getValue());
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
