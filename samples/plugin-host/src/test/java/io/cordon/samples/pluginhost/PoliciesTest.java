package io.cordon.samples.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.policy.Policy;
import io.cordon.policy.PolicyDirectory;
import io.cordon.policy.Protection;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {

  @ParameterizedTest
  @ValueSource(strings = {"archive", "blog", "shop"})
  void holdWithAndWithoutAControlGroup(String tenant) {
    Policy policy = PolicyDirectory.of(Path.of("policies")).policy(tenant);

    assertThat(policy.isolation().require())
        .containsExactlyInAnyOrder(Protection.NAMESPACES, Protection.SECCOMP);
  }
}
