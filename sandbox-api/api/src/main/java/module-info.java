/** The contract: what an application uses, and what an isolation strategy implements. */
@org.jspecify.annotations.NullMarked
module io.cordon.sandbox {
  requires static transitive org.jspecify;
  requires transitive io.cordon.policy;

  exports io.cordon.sandbox;
  exports io.cordon.sandbox.spi;

  uses io.cordon.sandbox.spi.SandboxesProvider;
}
