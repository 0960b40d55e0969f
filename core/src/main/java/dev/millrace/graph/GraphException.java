package dev.millrace.graph;

import dev.millrace.tensor.MillraceException;

/** A graph put together in a way that has no meaning. */
public class GraphException extends MillraceException {
  private static final long serialVersionUID = 1L;

  /** An error with a message for the user. */
  public GraphException(String message) {
    super(message);
  }
}
