package io.cordon.process;

import static io.cordon.process.plan.Argument.flags;
import static io.cordon.process.plan.Argument.number;

import io.cordon.process.kernel.Resource;
import io.cordon.process.plan.Block;
import io.cordon.process.plan.PlanBuilder;
import java.util.Locale;

/** Writes the steps by which a process limits itself and all that it starts. */
record ResourceLimits(PlanBuilder plan, Host host) {

  void set(Resource resource, long wanted) {
    long value = host.clamp(resource, wanted);
    Block limit = // struct rlimit64: what is in force, and the most that may be set
        Block.of(value == Host.UNLIMITED ? "unlimited" : Long.toString(value))
            .u64(value)
            .u64(value)
            .build();
    plan.call(
        "limit " + resource.name().substring("RLIMIT_".length()).toLowerCase(Locale.ROOT),
        "prlimit64",
        number(0),
        flags(resource),
        limit.address(),
        number(0));
  }
}
