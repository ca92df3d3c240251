package io.cordon.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.spi.Cell;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseAllTest {
  private final List<String> done = new ArrayList<>();

  @Test
  void aCellThatCannotBeClosedKeepsNoOtherOpen() {
    List<Cell> cells = List.of(stuck("a"), cell("b"), stuck("c"), cell("d"));

    assertThatThrownBy(() -> new CloseAll(cells).run())
        .hasMessage("a")
        .satisfies(
            e -> assertThat(e.getSuppressed()).extracting(Throwable::getMessage).contains("c"));
    assertThat(done).containsExactly("kill a", "kill b", "kill c", "kill d", "close b", "close d");
  }

  private Cell cell(String name) {
    return cell(() -> done.add("kill " + name), () -> done.add("close " + name));
  }

  private Cell stuck(String name) {
    return cell(
        () -> done.add("kill " + name),
        () -> {
          throw new IllegalStateException(name);
        });
  }

  private static Cell cell(Runnable kill, Runnable close) {
    return (Cell)
        Proxy.newProxyInstance(
            Cell.class.getClassLoader(),
            new Class<?>[] {Cell.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "kill" -> kill.run();
                case "close" -> close.run();
                default -> throw new UnsupportedOperationException(method.getName());
              }
              return null;
            });
  }
}
