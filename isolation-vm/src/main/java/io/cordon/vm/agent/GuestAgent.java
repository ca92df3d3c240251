package io.cordon.vm.agent;

import io.cordon.policy.SandboxLimits;
import io.cordon.process.GuestCells.GuestKernelFacts;
import io.cordon.process.kernel.Errno;
import io.cordon.process.plan.Elf;
import io.cordon.process.plan.LaunchPlan;
import io.cordon.vm.guest.AgentInit;
import io.cordon.vm.guest.Renewal;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives orders to the first process of a guest: see {@link AgentInit}. Several may be under way.
 * Safe for several threads.
 *
 * <p>What the guest sends is hostile. What is no record of the protocol ends the conversation, and
 * every order with it.
 */
public final class GuestAgent {
  /** The longest report of an order. */
  public static final int LONGEST_REPORT = AgentInit.RECORD - AgentInit.HEAD;

  /** What was ordered is done: nothing more is known of that. */
  public record Done() {}

  private static final byte[] NOTHING = {};

  private final InputStream in;
  private final OutputStream out;
  private final Elf elf;
  private final LaunchPlan init;
  private final CompletableFuture<GuestKernelFacts> hello = new CompletableFuture<>();
  private final Map<Integer, OrderListener> orders = new ConcurrentHashMap<>();
  private final ReentrantLock sending = new ReentrantLock();
  private int number;
  private volatile @Nullable String lost;

  /**
   * An agent behind a control port.
   *
   * @param in what the guest sends
   * @param out what it receives
   * @param elf compiles orders for the guest's architecture
   * @param init the plan that the guest's first process follows
   * @param firstOrder the number of the first order: a clone goes on counting where its template
   *     has stopped
   */
  public GuestAgent(InputStream in, OutputStream out, Elf elf, LaunchPlan init, int firstOrder) {
    this.in = in;
    this.out = out;
    this.elf = elf;
    this.init = init;
    this.number = firstOrder;
  }

  /** Reads the port until its end. */
  public void serve() {
    DataInputStream records = new DataInputStream(in);
    byte[] bytes = new byte[AgentInit.RECORD];
    try {
      while (true) {
        records.readFully(bytes);
        take(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
      }
    } catch (EOFException e) {
      lose("the guest is gone");
    } catch (IOException e) {
      lose("the guest's control port: " + e.getMessage());
    }
  }

  private void take(ByteBuffer record) throws IOException {
    int kind = record.getInt(0);
    switch (kind) {
      case AgentInit.HELLO -> hello.complete(facts(record));
      case AgentInit.RUN, AgentInit.RUN_ON_STREAMS, AgentInit.RENEW, AgentInit.HOLD ->
          report(record);
      case AgentInit.FAILED ->
          throw new IOException(
              "its first process failed at '%s': %s"
                  .formatted(stepName(record.getInt(4)), Errno.nameOf(record.getInt(8))));
      default -> throw new IOException("no record of the protocol: " + kind);
    }
  }

  private void report(ByteBuffer record) throws IOException {
    int order = record.getInt(4);
    int length = record.getInt(8);
    if (length < 0 || length > LONGEST_REPORT) {
      throw new IOException("a report of " + length + " bytes");
    }
    if (length == 0) {
      OrderListener listener = orders.remove(order);
      if (listener != null) {
        listener.ended();
      }
      return;
    }
    OrderListener listener = orders.get(order);
    if (listener != null) {
      byte[] message = new byte[length];
      record.get(AgentInit.HEAD, message);
      listener.report(ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  private static GuestKernelFacts facts(ByteBuffer record) throws IOException {
    int landlock = record.getInt(AgentInit.HELLO_LANDLOCK);
    byte[] text = new byte[16];
    record.get(AgentInit.HELLO_LAST_CAPABILITY, text);
    String capability =
        new String(text, StandardCharsets.US_ASCII).split("\n", 2)[0]; // linux/capability.h: <= 63
    if (!capability.matches("\\d{1,2}")) {
      throw new IOException("no last capability");
    }
    return new GuestKernelFacts(
        Math.max(landlock, 0),
        record.getInt(AgentInit.HELLO_TIME_NAMESPACES) == 0,
        Integer.parseInt(capability));
  }

  private String stepName(int index) {
    return init.find(index)
        .map(call -> call.layer() + ": " + call.name())
        .orElse("no step of its plan: " + index);
  }

  private void lose(String reason) {
    lost = reason;
    hello.completeExceptionally(new IOException(reason));
    for (Integer order : List.copyOf(orders.keySet())) {
      OrderListener listener = orders.remove(order);
      if (listener != null) {
        listener.lost(reason);
      }
    }
  }

  /** What the guest's kernel can do; fails if the guest ends before it has said so. */
  public CompletableFuture<GuestKernelFacts> hello() {
    return hello.copy();
  }

  /** The number of the next order. */
  public int nextOrder() {
    sending.lock();
    try {
      return number;
    } finally {
      sending.unlock();
    }
  }

  /**
   * Gives an order, whose program has nothing but its channel and its files.
   *
   * @param plan what is run, by root of the guest
   * @param files at the descriptors from 4 on
   * @return the order's number
   */
  public int run(LaunchPlan plan, List<byte[]> files, OrderListener listener) {
    return send(AgentInit.RUN, plan, files, listener);
  }

  /** The same, with the guest's stream ports as standard streams: once in the life of a guest. */
  public int runOnStreams(LaunchPlan plan, List<byte[]> files, OrderListener listener) {
    return send(AgentInit.RUN_ON_STREAMS, plan, files, listener);
  }

  private int send(int kind, LaunchPlan plan, List<byte[]> files, OrderListener listener) {
    byte[] program = elf.compile(plan);
    ByteArrayOutputStream items = new ByteArrayOutputStream(program.length + 8192);
    files.forEach(file -> addFile(items, file));
    addFile(items, program);
    return send(kind, items, NOTHING, listener);
  }

  private int send(
      int kind, ByteArrayOutputStream items, byte[] following, OrderListener listener) {
    int order;
    sending.lock();
    try {
      order = number++;
      orders.put(order, listener);
      addItem(items, kind, order);
      items.writeBytes(following);
      try {
        out.write(items.toByteArray());
        out.flush();
      } catch (IOException e) {
        lose("the guest's control port: " + e.getMessage());
      }
    } finally {
      sending.unlock();
    }
    String over = lost;
    if (over != null) { // maybe before the listener was known
      lose(over);
    }
    return order;
  }

  /** Goes on listening to an order that the guest was given before it was saved. */
  public void adopt(int order, OrderListener listener) {
    orders.put(order, listener);
    String over = lost;
    if (over != null) {
      lose(over);
    }
  }

  /** Renews the guest; fails if it is gone. */
  public CompletableFuture<Done> renew(Renewal renewal) {
    Awaited awaited = new Awaited();
    send(AgentInit.RENEW, new ByteArrayOutputStream(256), renewal.bytes(), awaited);
    return awaited.done;
  }

  /** Lets nobody in the guest run until it is renewed; fails if it is gone. */
  public CompletableFuture<Done> hold() {
    Awaited awaited = new Awaited();
    send(AgentInit.HOLD, new ByteArrayOutputStream(AgentInit.HEAD), NOTHING, awaited);
    return awaited.done;
  }

  /** Of which nothing is known but that it is done. */
  private static final class Awaited implements OrderListener {
    private final CompletableFuture<Done> done = new CompletableFuture<>();

    @Override
    public void report(ByteBuffer message) {}

    @Override
    public void ended() {
      done.complete(new Done());
    }

    @Override
    public void lost(String reason) {
      done.completeExceptionally(new IOException(reason));
    }
  }

  /**
   * What the guest's kernel has counted of its cell.
   *
   * @param limit of its scratch disk
   */
  public CompletableFuture<GuestCounters> count(LaunchPlan plan, SandboxLimits.Disk limit) {
    return errand(plan, new CountErrand(plan, limit));
  }

  /**
   * Reads a file of the cell's working directory.
   *
   * @return fails with what {@link io.cordon.sandbox.spi.Cell#readFile} throws
   */
  public CompletableFuture<byte[]> readFile(LaunchPlan plan, String name, long maxBytes) {
    return errand(plan, new FileErrand(plan, name, maxBytes));
  }

  /** Has a plan followed that only says that it is done. */
  public CompletableFuture<Done> follow(LaunchPlan plan) {
    return errand(plan, new PlainErrand(plan));
  }

  private <T> CompletableFuture<T> errand(LaunchPlan plan, Errand<T> errand) {
    run(plan, List.of(), errand);
    return errand.result();
  }

  private static void addFile(ByteArrayOutputStream items, byte[] content) {
    addItem(items, AgentInit.FILE, 0);
    for (int at = 0; at < content.length; at += AgentInit.CHUNK_MAX) {
      int length = Math.min(content.length - at, AgentInit.CHUNK_MAX);
      int padded = (length + 15) & ~15;
      addItem(items, AgentInit.CHUNK, padded);
      items.write(content, at, length);
      items.writeBytes(new byte[padded - length]);
    }
    addItem(items, AgentInit.SIZE, content.length);
  }

  private static void addItem(ByteArrayOutputStream items, int kind, int value) {
    items.writeBytes(
        ByteBuffer.allocate(AgentInit.HEAD)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(kind)
            .putInt(value)
            .array());
  }
}
