/** What a tenant may use: pure data, parsed from one policy file per tenant. */
@org.jspecify.annotations.NullMarked
module io.cordon.policy {
  requires static transitive org.jspecify;
  requires org.snakeyaml.engine;

  exports io.cordon.policy;
}
