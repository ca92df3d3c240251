/** What runs inside every sandbox, and the frames that both ends speak. */
@org.jspecify.annotations.NullMarked
module io.cordon.worker {
  requires static org.jspecify;
  requires static org.graalvm.polyglot;
  requires static org.graalvm.truffle;
  requires com.fasterxml.jackson.core;

  exports io.cordon.worker.wire to
      io.cordon.engine;
}
