package io.cordon.process.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A structure in a plan's memory, which system calls read or write. Has identity. A plan writes to
 * its own copy, so one may be in several plans.
 */
public final class Block {
  private final String text;
  private final byte[] content;
  private final List<Pointer> pointers;

  private Block(String text, byte[] content, List<Pointer> pointers) {
    this.text = text;
    this.content = content;
    this.pointers = List.copyOf(pointers);
  }

  /** A place in a structure that holds the address of something else in the plan's memory. */
  record Pointer(int offset, Argument target) {}

  /** Begins a structure; the text says what is in it. */
  public static Writer of(String text) {
    return new Writer(text);
  }

  /** So many zero bytes. */
  public static Block zeros(String text, int size) {
    return new Block(text, new byte[size], List.of());
  }

  /** These bytes. */
  public static Block bytes(String text, byte[] content) {
    return new Block(text, content.clone(), List.of());
  }

  /** An array of pointers to texts, with a null at its end. */
  public static Block texts(String text, List<String> values) {
    Writer array = of(text);
    values.forEach(value -> array.pointer(Argument.text(value)));
    return array.u64(0).build();
  }

  /** Its address. */
  public Argument address() {
    return new Argument.Address(this, 0);
  }

  /** The address of a place in it. */
  public Argument address(int offset) {
    return new Argument.Address(this, offset);
  }

  /** What it holds at a place when a step is taken: 32 bits. */
  public Argument word(int offset) {
    return new Argument.Word(this, offset);
  }

  String describe() {
    return "{" + text + "}";
  }

  /** How many bytes it has. */
  public int size() {
    return content.length;
  }

  void copyTo(ByteBuffer target) {
    target.put(content);
  }

  List<Pointer> pointers() {
    return pointers;
  }

  /** Writes the fields of a structure one after the other, each at its natural alignment. */
  public static final class Writer {
    private final String text;
    private final List<Pointer> pointers = new ArrayList<>();
    private ByteBuffer fields = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

    private Writer(String text) {
      this.text = text;
    }

    private ByteBuffer room(int size) {
      int start = (fields.position() + size - 1) & -size;
      if (start + size > fields.capacity()) {
        fields =
            ByteBuffer.allocate(2 * fields.capacity())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(fields.flip());
      }
      return fields.position(start);
    }

    public Writer u32(long value) {
      room(4).putInt((int) value);
      return this;
    }

    public Writer u64(long value) {
      room(8).putLong(value);
      return this;
    }

    public Writer pointer(Argument target) {
      room(8);
      pointers.add(new Pointer(fields.position(), target));
      fields.putLong(0);
      return this;
    }

    public Block build() {
      byte[] content = new byte[fields.position()];
      fields.flip().get(content);
      return new Block(text, content, pointers);
    }
  }
}
