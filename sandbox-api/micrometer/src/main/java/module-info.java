/** Meters of what happens in sandboxes. */
@org.jspecify.annotations.NullMarked
module io.cordon.micrometer {
  requires static org.jspecify;
  requires transitive io.cordon.sandbox;
  requires transitive micrometer.core;

  exports io.cordon.micrometer;
}
