package io.cordon.sandbox;

import java.util.List;

/**
 * What a host offers.
 *
 * @param strategies each strategy that is on the class path
 */
public record HostReport(List<StrategyReport> strategies) {

  public HostReport {
    strategies = List.copyOf(strategies);
  }

  /**
   * What one strategy can do here.
   *
   * @param name the strategy's name
   * @param usable whether it can isolate anything here
   * @param tier how limits are enforced
   * @param layers every layer, in force or missing
   */
  public record StrategyReport(String name, boolean usable, String tier, List<Layer> layers) {

    public StrategyReport {
      layers = List.copyOf(layers);
    }
  }
}
