package io.cordon.process.quota;

import io.cordon.sandbox.Evidence;

/** The ways to hold a cell, for tests of what all of them owe. */
enum Tier {
  GROUPS,
  WATCHING;

  QuotaEnforcer quotas() {
    return switch (this) {
      case GROUPS -> Host.groupQuotas();
      case WATCHING -> Host.watchingQuotas();
    };
  }

  Evidence evidence() {
    return switch (this) {
      case GROUPS -> Evidence.KERNEL;
      case WATCHING -> Evidence.HOST;
    };
  }
}
