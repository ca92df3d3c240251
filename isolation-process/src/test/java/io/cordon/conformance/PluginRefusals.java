package io.cordon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.conformance.contract.Warehouse;
import io.cordon.harness.PluginJar;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.Plugin;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can't be opened or called is refused with the reason. */
interface PluginRefusals {

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

  /** No interface at all. */
  public abstract static class AClass {
    abstract int count();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {TakesAnObject.class, GivesAnInterface.class, NotPublic.class, AClass.class})
  default void aContractOfAnythingButPlainDataIsRefused(
      Class<?> contract, Tenant acme, Plugin shelf) {
    try (Sandbox box = acme.open(shelf)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> box.service(contract))
          .withMessageContaining(contract.getSimpleName())
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONTRACT));
      assertThat(box.service(Warehouse.class).count()).as("nothing was lost").isZero();
    }
  }

  @Test
  default void aServiceThatIsNotThereIsRefused(Tenant acme, Plugin shelf) {
    try (Sandbox box = acme.open(shelf)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> box.service(Animal.class))
          .withMessageContaining("Animal")
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_MISSING));
    }
  }

  @Test
  default void aServiceEntryThatNamesNoClassIsRefused(Tenant acme, @TempDir Path directory) {
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
  default void whatIsNoJarIsRefused(Tenant acme, @TempDir Path directory) throws IOException {
    Path text = Files.writeString(directory.resolve("text.jar"), "not a jar");
    for (Path bad : List.of(text, directory.resolve("absent.jar"), directory)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> acme.open(Plugin.jar(bad)).close())
          .withMessageContaining(bad.getFileName().toString())
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_PLUGIN));
    }
  }
}
