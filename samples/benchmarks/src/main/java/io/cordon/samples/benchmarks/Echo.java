package io.cordon.samples.benchmarks;

/** The contract of the plugin that is measured. */
public interface Echo {
  /** Gives back what it gets. */
  String echo(String text);
}
