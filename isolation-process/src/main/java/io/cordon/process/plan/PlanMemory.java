package io.cordon.process.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cordon.process.plan.Argument.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where a plan's texts, structures and slots are in memory: 32-bit addresses. For one thread. */
final class PlanMemory {
  /** Far from the code, and within reach of a 32-bit displacement. */
  static final int BASE = 0x1000_0000;

  private final Map<String, Integer> texts = new HashMap<>();
  private final Map<Slot, Integer> slots = new HashMap<>();
  private final Map<Block, Integer> blocks = new HashMap<>();
  private final List<Piece> pieces = new ArrayList<>();
  private int size;

  private sealed interface Piece {
    int at();
  }

  private record TextPiece(int at, String text) implements Piece {}

  private record BlockPiece(int at, Block block) implements Piece {}

  /** The address of what a pointer points to. */
  int address(Argument argument) {
    return switch (argument) {
      case Argument.Text text -> BASE + text(text.value());
      case Argument.Address address -> BASE + block(address.block()) + address.offset();
      case Slot slot -> BASE + slot(slot);
      case Argument.Word word -> BASE + block(word.block()) + word.offset();
      case Argument.Immediate immediate ->
          throw new IllegalArgumentException("no address: " + immediate.describe());
    };
  }

  int address(Block block, int offset) {
    return BASE + block(block) + offset;
  }

  private int text(String value) {
    Integer known = texts.get(value);
    if (known != null) {
      return known;
    }
    byte[] bytes = value.getBytes(UTF_8);
    int at = reserve(bytes.length + 1);
    texts.put(value, at);
    pieces.add(new TextPiece(at, value));
    return at;
  }

  private int slot(Slot slot) {
    return slots.computeIfAbsent(slot, unknown -> reserve(8));
  }

  private int block(Block block) {
    Integer known = blocks.get(block);
    if (known != null) {
      return known;
    }
    int at = reserve(block.size());
    blocks.put(block, at);
    pieces.add(new BlockPiece(at, block));
    for (Block.Pointer pointer : block.pointers()) {
      address(pointer.target());
    }
    return at;
  }

  private int reserve(int bytes) {
    int at = size;
    size = Math.addExact(size, bytes + 7 & ~7);
    return at;
  }

  /** What it holds at first. */
  byte[] content() {
    ByteBuffer content = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (Piece piece : pieces) {
      content.position(piece.at());
      switch (piece) {
        case TextPiece text -> content.put(text.text().getBytes(UTF_8));
        case BlockPiece(int at, Block block) -> {
          block.copyTo(content);
          for (Block.Pointer pointer : block.pointers()) {
            content.putLong(at + pointer.offset(), address(pointer.target()));
          }
        }
      }
    }
    return content.array();
  }
}
