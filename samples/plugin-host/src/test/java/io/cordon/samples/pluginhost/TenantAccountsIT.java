package io.cordon.samples.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class TenantAccountsIT {

  @Test
  void everyTaskIsChargedToItsTenantAndPlugin() throws Exception {
    try (PluginHost host =
            PluginHost.open(Installed.policies(), Installed.plugins(), 0, progress -> {});
        Client client = new Client(host.address())) {
      assertThat(client.get("/tenants/blog/usage").body().at("/total/tasks").asInt()).isZero();

      JsonNode first = client.post("blog", "markdown", "# One").body().path("task");
      JsonNode second = client.post("blog", "markdown", "# Two").body().path("task");
      client.post("blog", "memory-hog", "more");
      client.post("shop", "invoice", "no order");

      JsonNode blog = client.get("/tenants/blog/usage").body();
      JsonNode markdown = blog.at("/plugins/markdown");
      assertThat(markdown.path("tasks").asInt()).isEqualTo(2);
      assertThat(markdown.at("/outcomes/succeeded").asInt()).isEqualTo(2);
      assertThat(markdown.path("cpuMicros").asLong())
          .isEqualTo(first.path("cpuMicros").asLong() + second.path("cpuMicros").asLong());
      assertThat(markdown.path("memoryPeakBytes").asLong())
          .isEqualTo(
              Math.max(
                  first.path("memoryPeakBytes").asLong(), second.path("memoryPeakBytes").asLong()));
      assertThat(blog.at("/plugins/memory-hog/outcomes/limit-exceeded").asInt()).isEqualTo(1);
      assertThat(blog.at("/total/tasks").asInt()).isEqualTo(3);

      JsonNode shop = client.get("/tenants/shop/usage").body();
      assertThat(shop.at("/total/tasks").asInt()).isEqualTo(1);
      assertThat(shop.at("/total/outcomes/failed").asInt()).isEqualTo(1);
      assertThat(client.get("/tenants/archive/usage").body().at("/total/tasks").asInt()).isZero();
    }
  }
}
