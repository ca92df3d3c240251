/** Micro-VMs: a kernel of its own for each sandbox. */
@org.jspecify.annotations.NullMarked
module io.cordon.vm {
  requires static org.jspecify;
  requires io.cordon.sandbox;
  requires io.cordon.process;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.apache.commons.compress;
  requires com.github.benmanes.caffeine;

  exports io.cordon.vm.setup;

  provides io.cordon.sandbox.spi.IsolationStrategyProvider with
      io.cordon.vm.VmStrategyProvider;
}
