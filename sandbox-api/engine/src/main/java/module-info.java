/** The host side of every sandbox. */
@org.jspecify.annotations.NullMarked
module io.cordon.engine {
  requires static org.jspecify;
  requires io.cordon.sandbox;
  requires io.cordon.worker;
  requires com.google.guice;
  requires com.google.common;
  requires jdk.jfr;
  requires com.github.benmanes.caffeine;

  uses io.cordon.sandbox.spi.IsolationStrategyProvider;

  provides io.cordon.sandbox.spi.SandboxesProvider with
      io.cordon.engine.EngineProvider;
}
