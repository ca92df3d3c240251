/** The smallest application that runs somebody else's code. */
@org.jspecify.annotations.NullMarked
module io.cordon.samples.quickstart {
  requires static transitive org.jspecify;
  requires io.cordon.sandbox;

  exports io.cordon.samples.quickstart;
}
