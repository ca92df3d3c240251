package io.cordon.samples.cli;

/** Starts the {@code cordon} command. */
public final class Main {
  private Main() {}

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    // The thread that reads standard input may wait for ever: exit does not wait for it.
    System.exit(new Cordon(Stdio.ofProcess()).execute(arguments));
  }
}
