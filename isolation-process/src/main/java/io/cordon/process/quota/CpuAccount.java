package io.cordon.process.quota;

import java.io.IOException;

/**
 * Processor time by the cpuacct controller of version 1.
 *
 * <p>The kernel knows the whole to the nanosecond, but the parts only by what its timer tick met: a
 * short process has none at all. So the whole is divided as the parts are, and neither ever
 * shrinks: as cputime_adjust() of kernel/sched/cputime.c does it.
 */
final class CpuAccount implements CpuMeter {
  private final CounterFile whole;
  private final CounterFile user;
  private final CounterFile system;
  private CpuTime last = new CpuTime(0, 0);

  CpuAccount(CounterFile whole, CounterFile user, CounterFile system) {
    this.whole = whole;
    this.user = user;
    this.system = system;
  }

  @Override
  public synchronized CpuTime time() throws IOException {
    last = divide(whole.value(), user.value(), system.value(), last);
    return last;
  }

  static CpuTime divide(long whole, long userTicked, long systemTicked, CpuTime last) {
    long ticked = userTicked + systemTicked;
    long system = ticked == 0 ? 0 : (long) (whole * ((double) systemTicked / ticked));
    system = Math.max(system, last.system());
    if (whole - system < last.user()) {
      return new CpuTime(last.user(), Math.max(whole - last.user(), last.system()));
    }
    return new CpuTime(whole - system, system);
  }

  @Override
  public void close() {
    whole.close();
    user.close();
    system.close();
  }
}
