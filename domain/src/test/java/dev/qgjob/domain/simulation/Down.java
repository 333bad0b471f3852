package dev.qgjob.domain.simulation;

/** The server or its database is not there, or died over this; the caller hears nothing. */
final class Down extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Down(String what) {
    super(what, null, false, false);
  }
}
