package io.cordon.samples.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordon.samples.pluginhost.Client.Response;
import io.cordon.sandbox.CacheLocation;
import io.cordon.vm.setup.VmSetup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class PluginRoutesIT {
  private static final byte[] TOO_LARGE = new byte[PluginRoutes.MAX_INPUT_BYTES + 1];

  private PluginHost host;
  private Client client;

  @BeforeAll
  void open() {
    new VmSetup(CacheLocation.usual(), progress -> {}).run(); // one tenant has micro-VMs
    host = PluginHost.open(Installed.policies(), Installed.plugins(), 0, progress -> {});
    client = new Client(host.address());
  }

  @AfterAll
  void close() {
    client.close();
    host.close();
  }

  static List<Exhibit> exhibits() {
    return Exhibit.all();
  }

  @ParameterizedTest
  @MethodSource("exhibits")
  void aPluginEndsAsItShould(Exhibit exhibit) throws Exception {
    PluginId id = exhibit.plugin();

    Response response = client.post(id.tenant(), id.plugin(), exhibit.input());

    assertThat(exhibit.expected().test(response.body())).as("%s", response).isTrue();
    JsonNode task = response.body().path("task");
    assertThat(task.path("tenant").asText()).isEqualTo(id.tenant());
    assertThat(task.path("plugin").asText()).isEqualTo(id.plugin());
    assertThat(task.path("strategy").asText())
        .isEqualTo(id.tenant().equals("archive") ? "vm" : "process");
    assertThat(task.path("tier").asText()).isIn("cgroup-v1", "cgroup-v2", "rlimit");
    assertThat(task.path("wallMicros").asLong()).isPositive();
    if (response.body().has("result")) {
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.contentType()).startsWith("application/json");
      assertThat(task.path("outcome").asText()).isEqualTo("succeeded");
    } else {
      assertThat(response.status()).isEqualTo(422);
      assertThat(response.contentType()).startsWith("application/problem+json");
      assertThat(task.path("outcome").asText()).isEqualTo("limit-exceeded");
    }
  }

  @Test
  void aScriptsOwnErrorIsItsFailure() throws Exception {
    Response response = client.post("shop", "invoice", "{\"lines\":[]}");

    assertThat(response.status()).isEqualTo(422);
    assertThat(response.body().at("/task/outcome").asText()).isEqualTo("failed");
    assertThat(response.body().path("detail").asText()).contains("at least one line");
  }

  @Test
  void aProgramThatCannotReadItsDocumentFails() throws Exception {
    Response response = client.post("archive", "pdf-text", "this is no PDF");

    assertThat(response.status()).isEqualTo(422);
    assertThat(response.body().at("/task/outcome").asText()).isEqualTo("failed");
  }

  @Test
  void aTenantGoesOnAfterItsPluginWasStopped() throws Exception {
    client.post("blog", "memory-hog", "more");

    Response response = client.post("blog", "markdown", "*still here*");

    assertThat(response.body().at("/result/html").asText()).contains("<em>still here</em>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tenants/nobody/plugins/markdown",
        "/tenants/blog/plugins/nothing",
        "/tenants/blog/plugins/invoice",
        "/tenants/defaults/plugins/markdown",
        "/tenants/..%2Fpolicies%2Fblog/plugins/markdown",
        "/tenants/BLOG/plugins/markdown",
        "/somewhere/else"
      })
  void whatIsNotInstalledIsNotFound(String path) throws Exception {
    Response response = client.send(client.request(path).POST(BodyPublishers.ofString("input")));

    assertThat(response.status()).isIn(400, 404);
    assertThat(response.body().has("result")).isFalse();
  }

  @Test
  void aTenantThatIsUnknownHasNoAccount() throws Exception {
    assertThat(client.get("/tenants/nobody/usage").status()).isEqualTo(404);
  }

  @Test
  void anInputThatSaysItIsTooLargeIsRefused() throws Exception {
    assertThat(client.post("blog", "markdown", TOO_LARGE).status()).isEqualTo(413);
  }

  @Test
  void anInputThatTurnsOutTooLargeIsRefused() throws Exception {
    InputStream input = new ByteArrayInputStream(TOO_LARGE);

    Response response =
        client.send(
            client
                .request("/tenants/blog/plugins/markdown")
                .POST(BodyPublishers.ofInputStream(() -> input)));

    assertThat(response.status()).isEqualTo(413);
    assertThat(response.contentType()).startsWith("application/problem+json");
  }

  @Test
  void aPageOfAnotherSiteIsRefused() throws Exception {
    Response response =
        client.send(
            client
                .request("/tenants/blog/plugins/markdown")
                .header("Sec-Fetch-Site", "cross-site")
                .POST(BodyPublishers.ofString("input")));

    assertThat(response.status()).isEqualTo(403);
  }

  @Test
  void aForeignNameForThisHostIsRefused() throws Exception {
    assertThat(statusLine("GET /tenants/blog/usage HTTP/1.1\r\nHost: evil.example"))
        .startsWith("HTTP/1.1 421 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tenants/blog%00/usage", "blog"})
  void aMalformedPathIsABadRequest(String path) throws Exception {
    assertThat(statusLine("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1"))
        .startsWith("HTTP/1.1 400 ");
  }

  /** What the server says to a request that a well-behaved client can't be made to send. */
  private String statusLine(String request) throws IOException {
    URI address = host.address();
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String complete = request + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(complete.getBytes(StandardCharsets.US_ASCII));
      byte[] response = socket.getInputStream().readAllBytes();
      return new String(response, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
    }
  }
}
