package io.cordon.samples.pluginhost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** Runs each plugin once, as any client would, and prints what came of it. */
final class Showcase {
  private final URI address;
  private final ResultTable table;
  private final ObjectMapper json = new ObjectMapper();

  Showcase(URI address, ResultTable table) {
    this.address = address;
    this.table = table;
  }

  /** Runs them all, and says whether each ended as it should. */
  boolean run() throws IOException, InterruptedException {
    List<Exhibit> exhibits = Exhibit.all();
    boolean asExpected = true;
    table.header();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (Exhibit exhibit : exhibits) {
        JsonNode response = post(client, exhibit);
        boolean good = exhibit.expected().test(response);
        table.row(exhibit.plugin(), response, good);
        asExpected &= good;
      }
    }
    return asExpected;
  }

  private JsonNode post(HttpClient client, Exhibit exhibit)
      throws IOException, InterruptedException {
    PluginId id = exhibit.plugin();
    URI uri = address.resolve("/tenants/" + id.tenant() + "/plugins/" + id.plugin());
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .POST(HttpRequest.BodyPublishers.ofByteArray(exhibit.input()))
            .build();
    return json.readTree(client.send(request, BodyHandlers.ofByteArray()).body());
  }
}
