/** Micro-VMs: a kernel of its own for each sandbox. */
@org.jspecify.annotations.NullMarked
module io.cordon.vm {
  requires static org.jspecify;
  requires io.cordon.sandbox;
  requires io.cordon.process;
}
