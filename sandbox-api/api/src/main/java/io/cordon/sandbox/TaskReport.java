package io.cordon.sandbox;

import java.util.List;

/**
 * What was measured of a task.
 *
 * @param tenant whose task it was
 * @param isolation what isolated it, and why
 * @param usage what it used
 * @param trips every limit that it met, in order
 */
public record TaskReport(String tenant, Isolation isolation, Usage usage, List<Trip> trips) {

  public TaskReport {
    trips = List.copyOf(trips);
  }
}
