package io.cordon.engine.verdict;

import io.cordon.policy.SandboxLimits;
import io.cordon.sandbox.TaskReport;
import io.cordon.sandbox.spi.CellExit;
import java.util.Optional;

/**
 * Everything that is known of a task that has ended.
 *
 * @param report what was measured; its trips are those that the kernel and the host saw, in order
 * @param limits of its sandbox
 * @param stop why the host ended it, if it did: the first reason that there was
 * @param exit how its cell ended; empty where that lives on
 * @param word what the guest says
 * @param threadDump what its threads were at shortly before its time was over, as it says; or an
 *     empty text
 */
public record Facts<T>(
    TaskReport report,
    SandboxLimits limits,
    Optional<Stop> stop,
    Optional<CellExit> exit,
    Word<T> word,
    String threadDump) {}
