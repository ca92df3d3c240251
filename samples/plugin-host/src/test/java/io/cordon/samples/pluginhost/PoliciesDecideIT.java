package io.cordon.samples.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cordon.samples.pluginhost.Client.Response;
import io.cordon.sandbox.HostReport.StrategyReport;
import io.cordon.sandbox.Layer;
import io.cordon.sandbox.Sandboxes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesDecideIT {
  @TempDir private Path directory;

  @Test
  void aTenantWithoutAPolicyIsNoTenant() throws Exception {
    Path policies = Installed.copyOfPolicies(directory);
    Files.delete(policies.resolve("archive.yaml"));

    try (PluginHost host = open(policies);
        Client client = new Client(host.address())) {
      assertThat(client.post("archive", "pdf-text", "").status()).isEqualTo(404);
      assertThat(client.get("/tenants/archive/usage").status()).isEqualTo(404);
    }
  }

  @Test
  void aBrokenPolicyStopsItsTenantAloneAndTellsTheCallerNothingOfTheHost() throws Exception {
    Path policies = Installed.copyOfPolicies(directory);
    Files.writeString(policies.resolve("archive.yaml"), "tenant: archive\nsandbocks: {}\n");

    try (PluginHost host = open(policies);
        Client client = new Client(host.address())) {
      Response response = client.post("archive", "pdf-text", "");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body().toString()).doesNotContain("yaml", directory.toString());
      assertThat(client.get("/tenants/blog/usage").status()).isEqualTo(200);
    }
  }

  @Test
  void aMicroVmThatMustNotBeEmulatedIsForbiddenWithTheReason() throws Exception {
    Path policies = Installed.copyOfPolicies(directory);
    try (Sandboxes sandboxes = Sandboxes.open(policies)) {
      assumeThat(sandboxes.host().strategies())
          .as("KVM works here, so nothing has to be emulated")
          .flatExtracting(StrategyReport::layers)
          .noneMatch(
              layer ->
                  layer.name().equals(Layer.HARDWARE_VIRTUALIZATION)
                      && layer.state() == Layer.State.IN_FORCE);
    }
    Files.writeString(
        policies.resolve("archive.yaml"), "tenant: archive\nisolation: { strategy: vm }\n");

    try (PluginHost host = open(policies);
        Client client = new Client(host.address())) {
      Response response = client.post("archive", "pdf-text", "");
      assertThat(response.status()).isEqualTo(403);
      assertThat(response.body().path("code").asText()).isEqualTo("strategy-unusable");
    }
  }

  @Test
  void moreTasksAtOnceThanThePolicyAllowsAreAskedToComeAgain() throws Exception {
    Path policies = Installed.copyOfPolicies(directory);
    Files.writeString(
        policies.resolve("shop.yaml"),
        """
        tenant: shop
        limits: { tasks.concurrent: 1 }
        sandbox: { memory.max: 384Mi }
        task: { cpu.time: 3s }
        """);

    try (PluginHost host = open(policies);
        Client client = new Client(host.address());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      // Whoever comes first keeps the only place for its three seconds of processor time.
      Callable<Response> loop = () -> client.post("shop", "endless-loop", "{}");
      List<Response> responses = new ArrayList<>();
      for (Future<Response> response : executor.invokeAll(List.of(loop, loop, loop))) {
        responses.add(response.get());
      }

      assertThat(responses).extracting(Response::status).containsOnly(422, 429);
      assertThat(responses)
          .filteredOn(response -> response.status() == 429)
          .extracting(Response::body)
          .extracting((JsonNode body) -> body.path("code").asText())
          .containsOnly("too-many-tasks");
    }
  }

  private static PluginHost open(Path policies) {
    return PluginHost.open(policies, Installed.plugins(), 0, progress -> {});
  }
}
