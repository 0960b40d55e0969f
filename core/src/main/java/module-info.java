/**
 * Millrace: computations described as graphs of symbolic values, differentiated, compiled to JVM
 * bytecode and run in sessions.
 */
module dev.millrace {
  requires java.net.http;
  requires jdk.incubator.vector;

  exports dev.millrace;
  exports dev.millrace.data;
  exports dev.millrace.flow;
  exports dev.millrace.graph;
  exports dev.millrace.kernel;
  exports dev.millrace.op;
  exports dev.millrace.profile;
  exports dev.millrace.provider;
  exports dev.millrace.session;
  exports dev.millrace.tensor;
  exports dev.millrace.train;

  uses dev.millrace.provider.ContractionProvider;
}
