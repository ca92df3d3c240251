package io.cordon.worker;

/** Where a worker begins. */
final class Main {
  private Main() {}

  public static void main(String[] arguments) {}
}
