package shop;

import io.cordon.conformance.contract.Warehouse;
import java.nio.ByteBuffer;
import java.util.*;

/** An honest plugin, until it is asked not to be. */
public class Shelf implements Warehouse {
  private final List<Item> items = new ArrayList<>();

  @Override
  public Delivery echo(Delivery delivery) {
    return delivery;
  }

  @Override
  public Figures echo(Figures figures) {
    return figures;
  }

  @Override
  public byte[] echo(byte[] bytes) {
    return bytes;
  }

  @Override
  public int[] echo(int[] numbers) {
    return numbers;
  }

  @Override
  public String echo(String text) {
    return text;
  }

  @Override
  public Optional<Item> find(String name) {
    return items.stream().filter(i -> i.name().equals(name)).findFirst();
  }

  @Override
  public List<Item> all() {
    return items;
  }

  @Override
  public void add(Item item) {
    items.add(item);
  }

  @Override
  public int count() {
    return items.size();
  }

  @Override
  public void fail(String message) {
    throw new NoSuchElementException(message);
  }

  @Override
  public int print(String text) {
    System.out.println(text);
    System.err.println(text);
    return text.length();
  }

  @Override
  public void spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  @Override
  public String large(int length) {
    return "x".repeat(length);
  }

  @Override
  public void hoard(String way) {
    List<Object> hoard = new ArrayList<>();
    while (true) {
      try {
        switch (way) {
          case "direct" -> hoard.add(touched(ByteBuffer.allocateDirect(1 << 20)));
          case "threads" -> hoard.add(sleeper());
          default -> hoard.add(new byte[1 << 20]);
        }
      } catch (OutOfMemoryError e) {
        if (!way.equals("stubborn")) {
          throw e;
        }
      }
    }
  }

  private static Thread sleeper() {
    Thread sleeper =
        new Thread(
            () -> {
              try {
                Thread.sleep(Long.MAX_VALUE);
              } catch (InterruptedException e) {
                // it is over
              }
            });
    sleeper.setDaemon(true);
    sleeper.start();
    return sleeper;
  }

  private static ByteBuffer touched(ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      buffer.put((byte) 1);
    }
    return buffer;
  }
}
