package io.cordon.samples.benchmarks;

/** The least that a plugin can do. */
public final class EchoPlugin implements Echo {
  @Override
  public String echo(String text) {
    return text;
  }
}
