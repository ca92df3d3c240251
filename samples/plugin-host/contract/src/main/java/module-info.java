/** What the plugin host and its Java plugins both know. */
@org.jspecify.annotations.NullMarked
module io.cordon.samples.pluginhost.contract {
  requires static org.jspecify;

  exports io.cordon.samples.pluginhost.contract;
}
