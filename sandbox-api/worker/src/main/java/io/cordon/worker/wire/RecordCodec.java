package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Records travel as objects with a field for each component. */
final class RecordCodec extends Codec {
  private final Class<?> type;
  private final String[] names;
  private final Method[] accessors;
  private final Codec[] components;
  private final Constructor<?> constructor;

  RecordCodec(PlainType.RecordOf record) throws ContractException {
    type = record.javaType();
    RecordComponent[] declared = type.getRecordComponents();
    names = new String[declared.length];
    accessors = new Method[declared.length];
    components = new Codec[declared.length];
    Class<?>[] erased = new Class<?>[declared.length];
    for (int i = 0; i < declared.length; i++) {
      names[i] = declared[i].getName();
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
      throw new ContractException(
          type.getTypeName()
              + " can't be reached: module "
              + type.getModule().getName()
              + " must open "
              + type.getPackageName()
              + " to "
              + RecordCodec.class.getModule().getName());
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
    int expected = 0;
    for (String name = in.parser.nextFieldName(); name != null; name = in.parser.nextFieldName()) {
      int index = indexOf(name, expected);
      if (index < 0) {
        throw in.wrong(type.getSimpleName() + " has no such component");
      }
      if (present[index]) {
        throw in.wrong("the component is there twice");
      }
      in.parser.nextToken();
      values[index] = components[index].read(in);
      present[index] = true;
      expected = index + 1;
    }
    for (int i = 0; i < values.length; i++) {
      if (!present[i]) {
        values[i] = absent(in, i);
      }
    }
    return make(in, values);
  }

  /** Components mostly come in order; then the first guess is right. */
  private int indexOf(String name, int guess) {
    if (guess < names.length && names[guess].equals(name)) {
      return guess;
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
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
