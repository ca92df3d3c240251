package io.cordon.engine.supervision;

import io.cordon.sandbox.Trip;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The limits that one task has met, each once, in the order in which they were first seen. */
final class TripLog {
  private final List<Trip> trips = new ArrayList<>(0); // as good as always empty
  private final Set<TripListener> listeners = new LinkedHashSet<>(0); // likewise

  /** Notes a trip. Returns whether it is new; a denial seen before only grows. */
  synchronized boolean note(Trip trip) {
    for (int i = 0; i < trips.size(); i++) {
      if (trips.get(i).limit() == trip.limit()) {
        trips.set(i, grown(trips.get(i), trip));
        return false;
      }
    }
    trips.add(trip);
    listeners.forEach(listener -> listener.tell(trip)); // which waits for nothing
    return true;
  }

  /** Somebody is told of each trip, those that were noted before included; once, if added twice. */
  synchronized void tell(TripListener listener) {
    if (listeners.add(listener)) {
      trips.forEach(listener::tell);
    }
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
