package io.cordon.samples.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the {@code cordon} command. */
public final class Main {
  /** Held, for java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger AUDIT = Logger.getLogger("io.cordon.audit");

  private Main() {}

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    AUDIT.setLevel(Level.OFF); // the command says itself how its task ended
    // The thread that reads standard input may wait for ever: exit does not wait for it.
    System.exit(new Cordon(Stdio.ofProcess()).execute(arguments));
  }
}
