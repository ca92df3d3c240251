package io.cordon.vm;

/** Runs in a guest. */
final class Hello {
  public static void main(String[] arguments) {
    System.out.println("hello " + arguments[0] + " from " + System.getProperty("os.version"));
    System.exit(7);
  }
}
