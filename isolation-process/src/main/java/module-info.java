/** Namespaced processes: a strategy that needs no native binary, no daemon and no root. */
@org.jspecify.annotations.NullMarked
module io.cordon.process {
  requires static org.jspecify;
  requires io.cordon.sandbox;

  // A guest's first process is a launch plan too, and a VMM runs in a process cell.
  exports io.cordon.process to
      io.cordon.vm;
  exports io.cordon.process.kernel to
      io.cordon.vm;
  exports io.cordon.process.plan to
      io.cordon.vm;
  exports io.cordon.process.program to
      io.cordon.vm;
  exports io.cordon.process.seccomp to
      io.cordon.vm;

  provides io.cordon.sandbox.spi.IsolationStrategyProvider with
      io.cordon.process.ProcessStrategyProvider;
}
