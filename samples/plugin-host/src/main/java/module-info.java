/** A multi-tenant application that runs its tenants' plugins. */
@org.jspecify.annotations.NullMarked
module io.cordon.samples.pluginhost {
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires io.cordon.samples.pluginhost.contract;
  requires io.cordon.sandbox;
  requires io.cordon.vm;
  requires io.javalin;
  requires java.net.http;
  requires org.eclipse.jetty.server;

  opens io.cordon.samples.pluginhost to
      com.fasterxml.jackson.databind,
      info.picocli;
}
