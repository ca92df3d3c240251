package io.cordon.worker.wire;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;

/** How to take a record apart. */
final class RecordShape {
  private final String[] names;
  private final Method[] accessors;

  RecordShape(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    names = new String[components.length];
    accessors = new Method[components.length];
    for (int i = 0; i < components.length; i++) {
      names[i] = components[i].getName();
      accessors[i] = components[i].getAccessor();
      accessors[i].setAccessible(true);
    }
  }

  void write(RuntimeTypeWriter writer, ValueOutput out, Object record)
      throws IOException, ValueException {
    for (int i = 0; i < names.length; i++) {
      out.generator.writeFieldName(names[i]);
      try {
        writer.write(out, accessors[i].invoke(record));
      } catch (InvocationTargetException e) {
        throw out.wrong("its accessor threw " + e.getCause());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
