package io.cordon.engine.supervision;

import io.cordon.sandbox.Trip;
import java.util.ArrayList;
import java.util.List;

/** The limits that one task has met, each once, in the order in which they were first seen. */
final class TripLog {
  private final List<Trip> trips = new ArrayList<>(0); // as good as always empty

  /** Notes a trip. Returns whether it is new; a denial seen before only grows. */
  synchronized boolean note(Trip trip) {
    for (int i = 0; i < trips.size(); i++) {
      if (trips.get(i).limit() == trip.limit()) {
        trips.set(i, grown(trips.get(i), trip));
        return false;
      }
    }
    trips.add(trip);
    return true;
  }

  synchronized List<Trip> all() {
    return List.copyOf(trips);
  }

  private static Trip grown(Trip before, Trip now) {
    return new Trip(
        before.limit(),
        before.effect(),
        Math.max(before.observed(), now.observed()),
        before.allowed(),
        before.evidence());
  }
}
