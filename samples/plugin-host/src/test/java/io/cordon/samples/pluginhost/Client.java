package io.cordon.samples.pluginhost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** A client of the application. */
final class Client implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final URI address;

  Client(URI address) {
    this.address = address;
  }

  /** A response: its status, its type, its body. */
  record Response(int status, String contentType, JsonNode body) {}

  Response post(String tenant, String plugin, String input) throws Exception {
    return post(tenant, plugin, input.getBytes(StandardCharsets.UTF_8));
  }

  Response post(String tenant, String plugin, byte[] input) throws Exception {
    return send(
        request("/tenants/" + tenant + "/plugins/" + plugin)
            .POST(BodyPublishers.ofByteArray(input)));
  }

  Response get(String path) throws Exception {
    return send(request(path));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path));
  }

  Response send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    return new Response(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        json.readTree(response.body()));
  }

  @Override
  public void close() {
    client.close();
  }
}
