/** Lets oneDNN compute the large contractions of Millrace's programs. */
module dev.millrace.onednn {
  requires dev.millrace;
  requires jdk.incubator.vector;

  provides dev.millrace.provider.ContractionProvider with
      dev.millrace.onednn.OneDnn;
}
