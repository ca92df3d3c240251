package io.cordon.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class ContractTest {

  public record Item(String name) {}

  public record Price(long cents) {
    Price plus(Price other) {
      return new Price(Helper.sum(cents, other.cents));
    }
  }

  static final class Helper {
    static long sum(long a, long b) {
      return Math.addExact(a, b);
    }
  }

  public static final class SoldOut extends Exception {
    private static final long serialVersionUID = 1L;
  }

  public interface Named {
    String name();
  }

  public interface Shop extends Named {
    Price price(Item item) throws SoldOut;

    Price price(List<Item> items);

    default boolean sells(Item item) {
      return item != null;
    }

    static String kind() {
      return "shop";
    }

    @Override
    boolean equals(Object other);

    @Override
    int hashCode();

    @Override
    String toString();
  }

  interface Hidden {
    void run();
  }

  public interface Generic<T> {
    T get(T value);
  }

  public interface Bound extends Generic<List<String>> {}

  public interface Narrowed extends Generic<String> {
    @Override
    String get(String value);
  }

  public interface Empty {}

  public sealed interface Closed permits OnlyOne {}

  public record OnlyOne() implements Closed {}

  public interface Leaky {
    String name(int id, Comparator<String> order);
  }

  public interface RawGenericUser {
    void take(Generic<String> generic);
  }

  @Test
  void methodsAreNumberedBySignatureWhateverReflectionSays() throws Exception {
    assertThat(
            Contract.of(Shop.class).methods().stream()
                .map(
                    m ->
                        m.index()
                            + " "
                            + m.method().getName()
                            + m.parameters().size()
                            + m.parameters().stream()
                                .map(p -> p.javaType().getSimpleName())
                                .toList()))
        .containsExactly("0 name0[]", "1 price1[Item]", "2 price1[List]", "3 sells1[Item]");
  }

  @Test
  void whatAProxyIsCalledWithIsFound() throws Exception {
    Contract contract = Contract.of(Shop.class);
    List<String> called = new ArrayList<>();
    Shop shop =
        proxy(
            Shop.class,
            (self, method, arguments) -> {
              called.add(
                  contract
                      .find(method)
                      .map(m -> m.index() + m.method().getName())
                      .orElse("not of it"));
              return method.getReturnType() == int.class
                  ? 0
                  : method.getReturnType() == boolean.class ? false : null;
            });
    shop.name();
    ((Named) shop).name();
    shop.price(new Item("x"));
    shop.price(List.of());
    assertThat(shop.sells(new Item("x"))).isFalse();
    assertThat(shop.hashCode()).isZero();
    assertThat(called).containsExactly("0name", "0name", "1price", "2price", "3sells", "not of it");
  }

  @Test
  void aGenericSuperinterfaceWithItsArgumentsIsFine() throws Exception {
    ContractMethod get = Contract.of(Bound.class).methods().getFirst();
    assertThat(get.result()).isInstanceOf(PlainType.CollectionOf.class);
    assertThat(get.method().getReturnType()).isEqualTo(Object.class);
  }

  @Test
  void aBridgeIsNotOfTheContractAndLeadsToAMethodThatIs() throws Exception {
    Contract contract = Contract.of(Narrowed.class);
    assertThat(contract.methods()).hasSize(1);
    Narrowed proxy =
        proxy(
            Narrowed.class,
            (self, method, arguments) ->
                method.isBridge()
                    ? InvocationHandler.invokeDefault(self, method, arguments)
                    : contract.find(method).orElseThrow().index() + ":" + arguments[0]);
    Generic<String> asGeneric = proxy;
    assertThat(asGeneric.get("x")).isEqualTo("0:x");
  }

  @Test
  void whatCannotBeAContractIsRefusedWithTheReason() {
    refused(Hidden.class, "is not public");
    refused(String.class, "is not an interface");
    refused(Deprecated.class, "is not an interface");
    refused(Generic.class, "is generic");
    refused(Function.class, "is generic");
    refused(Empty.class, "has no methods to call");
    refused(Closed.class, "is sealed");
    refused(Leaky.class, "Leaky.name(arg 1): java.util.Comparator is not plain data");
    refused(RawGenericUser.class, "RawGenericUser.take(arg 0): ");
  }

  private static void refused(Class<?> type, String reason) {
    assertThatThrownBy(() -> Contract.of(type))
        .isInstanceOf(ContractException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void anInterfaceOfTheJdkShipsNothing() throws Exception {
    assertThat(Contract.of(Runnable.class).classFiles()).isEmpty();
  }

  @Test
  void theClassesAreTheInterfaceAndWhatItMentions() throws Exception {
    assertThat(Contract.of(Shop.class).classFiles().keySet())
        .contains(
            Shop.class.getName(),
            Named.class.getName(),
            Item.class.getName(),
            Price.class.getName(),
            SoldOut.class.getName(),
            Helper.class.getName())
        .allMatch(name -> name.startsWith("io.cordon.worker.wire."));
  }

  @Test
  void methodCodecsAgreeOnBothEnds() throws Exception {
    Contract contract = Contract.of(Shop.class);
    List<MethodCodec> host = new ValueCodecs(WireLimits.DEFAULT).of(contract);
    List<MethodCodec> worker = new ValueCodecs(WireLimits.DEFAULT).of(Contract.of(Shop.class));
    Object[] arguments = {new Item("tea")};
    assertThat(worker.get(1).readArguments(host.get(1).writeArguments(arguments)))
        .containsExactly(arguments);
    assertThat(host.get(1).readResult(worker.get(1).writeResult(new Price(5))))
        .isEqualTo(new Price(5));
    assertThat(host.get(0).writeArguments(null)).isEmpty();
    assertThat(worker.get(0).readArguments(new byte[0])).isEmpty();
    assertThatThrownBy(() -> worker.get(0).readArguments(new byte[] {'[', ']'}))
        .isInstanceOf(ProtocolException.class);
    for (String wrong : List.of("[]", "[null, null]", "{}", "null", "[{}] []")) {
      assertThatThrownBy(
              () ->
                  worker
                      .get(1)
                      .readArguments(wrong.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
          .as(wrong)
          .isInstanceOf(ProtocolException.class);
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Test
  void theMethodOfASuperinterfaceIsTheSameMethod() throws Exception {
    Method name = Named.class.getMethod("name");
    assertThat(Contract.of(Shop.class).find(name)).map(ContractMethod::index).contains(0);
  }
}
