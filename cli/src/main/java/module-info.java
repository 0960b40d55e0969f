/** The program behind {@code ./millrace}. */
module dev.millrace.cli {
  requires dev.millrace;
  requires info.picocli;
}
