package io.cordon.process;

import io.cordon.process.plan.Step;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxException;

/** A step of a launch failed. */
final class StepFailedException extends SandboxException {
  private static final long serialVersionUID = 1L;

  private final transient Step.Call step;
  private final int errno;

  StepFailedException(ErrorCode code, String message, Step.Call step, int errno) {
    super(code, message);
    this.step = step;
    this.errno = errno;
  }

  Step.Call step() {
    return step;
  }

  int errno() {
    return errno;
  }
}
