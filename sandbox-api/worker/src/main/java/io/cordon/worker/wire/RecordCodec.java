package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Records travel as objects with a field for each component. */
final class RecordCodec extends Codec {
  private static final int END = Integer.MAX_VALUE;

  private final Class<?> type;
  private final SerializedString[] names;
  private final Method[] accessors;
  private final Codec[] components;
  private final Constructor<?> constructor;

  RecordCodec(PlainType.RecordOf record) throws ContractException {
    type = record.javaType();
    RecordComponent[] declared = type.getRecordComponents();
    names = new SerializedString[declared.length];
    accessors = new Method[declared.length];
    components = new Codec[declared.length];
    Class<?>[] erased = new Class<?>[declared.length];
    for (int i = 0; i < declared.length; i++) {
      names[i] = new SerializedString(declared[i].getName());
      accessors[i] = opened(declared[i].getAccessor());
      erased[i] = declared[i].getType();
    }
    try {
      constructor = opened(type.getDeclaredConstructor(erased));
    } catch (NoSuchMethodException e) {
      throw new ContractException(type.getTypeName() + " has no canonical constructor", e);
    }
  }

  private <A extends AccessibleObject> A opened(A member) throws ContractException {
    if (!member.trySetAccessible()) {
      String here = RecordCodec.class.getModule().getName();
      throw new ContractException(
          "%s can't be reached: module %s must open %s to %s"
              .formatted(
                  type.getTypeName(),
                  type.getModule().getName(),
                  type.getPackageName(),
                  here == null ? "ALL-UNNAMED" : here));
    }
    return member;
  }

  void complete(int index, Codec component) {
    components[index] = component;
  }

  @Override
  void writeValue(ValueOutput out, Object value) throws IOException, ValueException {
    out.generator.writeStartObject();
    for (int i = 0; i < names.length; i++) {
      out.generator.writeFieldName(names[i]);
      components[i].write(out, component(out, i, value));
    }
    out.generator.writeEndObject();
  }

  private @Nullable Object component(ValueOutput out, int index, Object value)
      throws ValueException {
    try {
      return accessors[index].invoke(value);
    } catch (InvocationTargetException e) {
      throw new ValueException(
          out.wrong("its accessor threw").getMessage() + ": " + e.getCause(), e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  Object readValue(ValueInput in) throws IOException {
    if (in.parser.currentToken() != JsonToken.START_OBJECT) {
      throw in.expected("an object for " + type.getSimpleName());
    }
    @Nullable Object[] values = new Object[names.length];
    boolean[] present = new boolean[names.length];
    for (int index = nextComponent(in, 0); index < END; index = nextComponent(in, index + 1)) {
      if (present[index]) {
        throw in.wrong("the component is there twice");
      }
      in.parser.nextToken();
      values[index] = components[index].read(in);
      present[index] = true;
    }
    for (int i = 0; i < values.length; i++) {
      if (!present[i]) {
        values[i] = absent(in, i);
      }
    }
    return make(in, values);
  }

  /**
   * The index of the component that comes next, or {@link #END}. They mostly come in order: then
   * the parser compares the name where it is, and makes no string of it.
   */
  private int nextComponent(ValueInput in, int guess) throws IOException {
    if (guess < names.length) {
      if (in.parser.nextFieldName(names[guess])) {
        return guess;
      }
    } else {
      in.parser.nextFieldName();
    }
    String name = in.parser.currentName();
    if (in.parser.currentToken() == JsonToken.END_OBJECT || name == null) {
      return END;
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i].getValue().equals(name)) {
        return i;
      }
    }
    throw in.wrong(type.getSimpleName() + " has no such component");
  }

  private @Nullable Object absent(ValueInput in, int index) throws IOException {
    try {
      return components[index].absent(in);
    } catch (ProtocolException e) {
      throw in.wrong(type.getSimpleName() + " without its component " + names[index]);
    }
  }

  private Object make(ValueInput in, @Nullable Object[] values) throws IOException {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof VirtualMachineError fatal
          && !(fatal instanceof StackOverflowError)) {
        throw fatal;
      }
      throw in.wrong(
          type.getSimpleName()
              + " refuses its components: "
              + Where.bounded(String.valueOf(e.getCause())));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
