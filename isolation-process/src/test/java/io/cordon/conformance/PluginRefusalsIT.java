package io.cordon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.PluginJar;
import io.cordon.harness.SandboxTest;
import io.cordon.harness.TenantPolicy;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SandboxTest
@TenantPolicy
class PluginRefusalsIT {

  /** Takes anything at all. */
  public interface TakesAnObject {
    void take(Object anything);
  }

  /** Anybody may implement it. */
  public interface Animal {
    String sound();
  }

  /** Gives an open hierarchy. */
  public interface GivesAnInterface {
    Animal give();
  }

  /** Nobody else sees it. */
  interface NotPublic {
    int count();
  }

  /** No interface at all. */
  public abstract static class AClass {
    abstract int count();
  }

  @TempDir static Path directory;
  private static Plugin plugin;

  @BeforeAll
  static void pack() {
    plugin = ShelfPlugin.in(directory);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {TakesAnObject.class, GivesAnInterface.class, NotPublic.class, AClass.class})
  void aContractOfAnythingButPlainDataIsRefused(Class<?> contract, Tenant acme) {
    try (Sandbox box = acme.open(plugin)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> box.service(contract))
          .withMessageContaining(contract.getSimpleName())
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONTRACT));
      assertThat(box.service(Warehouse.class).count()).as("nothing was lost").isZero();
    }
  }

  @Test
  void aServiceThatIsNotThereIsRefused(Tenant acme) {
    try (Sandbox box = acme.open(plugin)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> box.service(Animal.class))
          .withMessageContaining("Animal")
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_MISSING));
    }
  }

  @Test
  void aServiceEntryThatNamesNoClassIsRefused(Tenant acme) {
    Path jar =
        PluginJar.against(Animal.class)
            .service(Animal.class, "shop.Missing")
            .packed(directory.resolve("missing.jar"));
    try (Sandbox box = acme.open(Plugin.jar(jar))) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> box.service(Animal.class))
          .satisfies(
              e ->
                  assertThat(e.code())
                      .isIn(ErrorCode.SERVICE_MISSING, ErrorCode.TASK_NOT_SUCCEEDED));
    }
  }

  @Test
  void whatIsNoJarIsRefused(Tenant acme) throws IOException {
    Path text = Files.writeString(directory.resolve("text.jar"), "not a jar");
    for (Path bad : List.of(text, directory.resolve("absent.jar"), directory)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> acme.open(Plugin.jar(bad)).close())
          .withMessageContaining(bad.getFileName().toString())
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_PLUGIN));
    }
  }
}
