/** Namespaced processes: a strategy that needs no native binary, no daemon and no root. */
@org.jspecify.annotations.NullMarked
module io.cordon.process {
  requires static org.jspecify;
  requires io.cordon.sandbox;

  provides io.cordon.sandbox.spi.IsolationStrategyProvider with
      io.cordon.process.ProcessStrategyProvider;
}
