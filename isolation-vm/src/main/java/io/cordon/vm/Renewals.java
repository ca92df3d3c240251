package io.cordon.vm;

import io.cordon.vm.guest.Renewal;
import java.security.SecureRandom;
import java.time.InstantSource;

/** What is each clone's alone. Safe for several threads. */
final class Renewals {
  private final InstantSource clock;
  private final SecureRandom random;

  Renewals(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** The time now, and random bytes that nobody else gets. */
  Renewal of(String name) {
    byte[] seed = new byte[Renewal.SEED_BYTES];
    random.nextBytes(seed);
    return new Renewal(clock.instant(), seed, name);
  }
}
