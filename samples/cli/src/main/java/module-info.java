/** The {@code cordon} command. */
@org.jspecify.annotations.NullMarked
module io.cordon.samples.cli {
  requires static org.jspecify;
  requires io.cordon.sandbox;
  requires io.cordon.vm;
  requires com.fasterxml.jackson.core;
  requires info.picocli;

  opens io.cordon.samples.cli to
      info.picocli;
}
