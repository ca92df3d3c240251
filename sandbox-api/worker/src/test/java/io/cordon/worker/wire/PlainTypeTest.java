package io.cordon.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlainTypeTest {

  record Pair<A, B>(A first, B second) {}

  record Tree(int value, List<Tree> children) {}

  record Chain<T>(T value, Optional<Chain<T>> next) {}

  record Growing<T>(T value, Optional<Growing<List<T>>> next) {}

  record Line(Object product) {}

  record Order(List<Line> lines) {}

  sealed interface Shape permits Circle, Box, Unit {}

  record Circle(double radius) implements Shape {}

  record Box(Shape inside) implements Shape {}

  enum Unit implements Shape {
    POINT
  }

  sealed interface Half permits Circle2, Open {}

  record Circle2(double radius) implements Half {}

  non-sealed interface Open extends Half {}

  static class Bean {}

  /** The types that the tests are about, as return types: there they keep their arguments. */
  @SuppressWarnings({"rawtypes", "unused", "TypeParameterUnusedInFormals", "NonApiType"})
  interface Types {
    Pair<String, List<Integer>> genericRecord();

    Tree recursive();

    Chain<String> recursiveGeneric();

    Shape closed();

    Map<String, Set<Optional<byte[]>>> nested();

    int[][] arrays();

    List<String>[] genericArray();

    void nothing();

    Order hiddenObject();

    Growing<String> growing();

    Half half();

    Open open();

    Bean bean();

    Date date();

    List raw();

    List<?> wildcard();

    List<? extends Tree> bounded();

    <T> T variable();

    ArrayList<String> concreteList();

    HashMap<String, String> concreteMap();

    Map<Tree, String> recordKey();

    Map<Double, String> doubleKey();

    Optional<Optional<String>> optionalOptional();

    Optional<OptionalInt> optionalInt();

    Comparator<String> comparator();

    Supplier<String> supplier();

    Class<?> type();

    List<Void> voids();

    Throwable throwable();
  }

  private static Type type(String name) throws NoSuchMethodException {
    Method method = Types.class.getDeclaredMethod(name);
    return method.getGenericReturnType();
  }

  @ParameterizedTest
  @CsvSource({
    "genericRecord",
    "recursive",
    "recursiveGeneric",
    "closed",
    "nested",
    "arrays",
    "genericArray",
    "nothing"
  })
  void plainDataIsPlain(String name) throws Exception {
    assertThat(PlainType.of(type(name)).javaType()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hiddenObject      | .lines[].product: java.lang.Object is not plain data",
        "growing           | nested deeper",
        "half              | Open, which is neither a record nor an enum",
        "open              | an interface that anybody may implement",
        "bean              | a record would do",
        "date              | a record would do",
        "raw               | has no type arguments",
        "wildcard          | the wildcard ? is open",
        "bounded           | the wildcard ? extends",
        "variable          | the type variable T could be anything",
        "concreteList      | use List, Set or Collection",
        "concreteMap       | use Map",
        "recordKey         | {key}: ",
        "doubleKey         | java.lang.Double can't be a key",
        "optionalOptional  | an optional of an optional",
        "optionalInt       | an optional of an optional",
        "comparator        | java.util.Comparator is not plain data",
        "supplier          | java.util.function.Supplier is not plain data",
        "type              | the wildcard ? is open",
        "voids             | Void has no values",
        "throwable         | java.lang.Throwable is not plain data",
      })
  void whatIsNotPlainIsRefusedWithThePlaceAndTheReason(String name, String reason) {
    assertThatThrownBy(() -> PlainType.of(type(name)))
        .isInstanceOf(ContractException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void typeArgumentsReachTheComponents() throws Exception {
    PlainType.RecordOf pair = (PlainType.RecordOf) PlainType.of(type("genericRecord"));
    assertThat(pair.components().get(0).type().javaType()).isEqualTo(String.class);
    PlainType.CollectionOf list = (PlainType.CollectionOf) pair.components().get(1).type();
    assertThat(list.element().javaType()).isEqualTo(Integer.class);
  }

  @Test
  void aRecordThatHoldsItselfIsOneType() throws Exception {
    PlainType.RecordOf tree = (PlainType.RecordOf) PlainType.of(Tree.class);
    PlainType.CollectionOf children = (PlainType.CollectionOf) tree.components().get(1).type();
    assertThat(children.element()).isSameAs(tree);
  }

  @Test
  void theAlternativesOfASealedInterfaceAreNamed() throws Exception {
    PlainType.SealedOf shape = (PlainType.SealedOf) PlainType.of(Shape.class);
    assertThat(shape.alternatives().stream().map(PlainType.Alternative::name))
        .containsExactly("Circle", "Box", "Unit");
  }

  @Test
  void collectionsAreTheInterfacesAlone() throws Exception {
    assertThat(PlainType.of(type("nested"))).isInstanceOf(PlainType.MapOf.class);
    assertThatThrownBy(() -> PlainType.of(Collection.class)).isInstanceOf(ContractException.class);
  }
}
