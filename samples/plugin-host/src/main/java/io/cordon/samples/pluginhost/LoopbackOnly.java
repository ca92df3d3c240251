package io.cordon.samples.pluginhost;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.util.Set;

/**
 * Refuses what a page of another site makes a browser send. A server on loopback is within the
 * reach of every such page: by a form, or by a name of its own that it lets point here.
 */
final class LoopbackOnly implements Handler {
  private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost");
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  @Override
  public void handle(Context context) {
    String host = context.req().getServerName();
    if (!HOSTS.contains(host)) {
      throw new HttpResponseException(421, "this server is known as 127.0.0.1");
    }
    // Browsers send it with every request; other clients don't.
    String site = context.header("Sec-Fetch-Site");
    if (site != null && !OWN_SITES.contains(site)) {
      throw new HttpResponseException(403, "requests of other sites are refused");
    }
  }
}
