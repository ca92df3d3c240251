package io.cordon.worker.wire;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How each message is laid out in a frame: its type, then its components in order. The two
 * directions have types of their own, so that neither end takes its own messages back.
 *
 * <p>Told apart by {@code instanceof}, here and in the worker: the bootstrap of a pattern switch
 * makes a class at run time, in every worker that starts.
 */
final class MessageFormat {
  private static final int DEFINE_CONTRACT = 0x01;
  private static final int PLUGIN_JAR = 0x02;
  private static final int OPEN_SERVICE = 0x03;
  private static final int CALL = 0x04;
  private static final int RUN_SCRIPT = 0x05;
  private static final int READ_TRAITS = 0x06;

  private static final int READY = 0x81;
  private static final int SERVICE_OPENED = 0x82;
  private static final int SERVICE_MISSING = 0x83;
  private static final int RETURNED = 0x84;
  private static final int THREW = 0x85;
  private static final int REJECTED = 0x86;
  private static final int OUTPUT = 0x87;
  private static final int TRAITS = 0x88;
  private static final int THREAD_DUMP = 0x89;
  private static final int LIMIT_MET = 0x8a;

  private MessageFormat() {}

  static void write(Message message, FrameOutput out) throws ProtocolException {
    if (message instanceof ToWorker.DefineContract m) {
      out.u8(DEFINE_CONTRACT);
      out.text(m.interfaceName());
      out.u32(m.classes().size());
      for (Map.Entry<String, byte[]> entry : m.classes().entrySet()) {
        out.text(entry.getKey());
        out.bytes(entry.getValue());
      }
    } else if (message instanceof ToWorker.PluginJar m) {
      out.u8(PLUGIN_JAR);
      out.text(m.name());
      out.bytes(m.chunk());
      out.bool(m.last());
    } else if (message instanceof ToWorker.OpenService m) {
      out.u8(OPEN_SERVICE);
      out.u32(m.service());
      out.text(m.interfaceName());
    } else if (message instanceof ToWorker.Call m) {
      out.u8(CALL);
      out.u64(m.task());
      out.u32(m.service());
      out.u32(m.method());
      out.bytes(m.arguments());
      out.u64(m.timeLeft());
    } else if (message instanceof ToWorker.RunScript m) {
      out.u8(RUN_SCRIPT);
      out.u64(m.task());
      out.text(m.language());
      out.text(m.source());
      out.bytes(m.bindings());
      out.u64(m.timeLeft());
      out.u64(m.quota().statements());
      out.u32(m.quota().stackDepth());
    } else if (message instanceof ToWorker.ReadTraits) {
      out.u8(READ_TRAITS);
    } else if (message instanceof ToHost.Ready m) {
      out.u8(READY);
      out.u32(m.version());
    } else if (message instanceof ToHost.ServiceOpened m) {
      out.u8(SERVICE_OPENED);
      out.u32(m.service());
    } else if (message instanceof ToHost.ServiceMissing m) {
      out.u8(SERVICE_MISSING);
      out.u32(m.service());
      out.text(m.reason());
    } else if (message instanceof ToHost.Returned m) {
      out.u8(RETURNED);
      out.u64(m.task());
      out.bytes(m.value());
    } else if (message instanceof ToHost.Threw m) {
      out.u8(THREW);
      out.u64(m.task());
      out.text(m.type());
      out.text(m.message());
      out.text(m.trace());
    } else if (message instanceof ToHost.Rejected m) {
      out.u8(REJECTED);
      out.u64(m.task());
      out.text(m.reason());
    } else if (message instanceof ToHost.Output m) {
      out.u8(OUTPUT);
      out.u64(m.task());
      out.bool(m.error());
      out.bytes(m.bytes());
    } else if (message instanceof ToHost.Traits m) {
      out.u8(TRAITS);
      out.u32(bits(m.traits()));
    } else if (message instanceof ToHost.ThreadDump m) {
      out.u8(THREAD_DUMP);
      out.u64(m.task());
      out.text(m.text());
    } else if (message instanceof ToHost.LimitMet m) {
      out.u8(LIMIT_MET);
      out.u64(m.task());
      out.u8(m.metered().code());
    } else {
      throw new AssertionError(message);
    }
  }

  static ToWorker readToWorker(FrameInput in) throws ProtocolException {
    int type = in.u8();
    return switch (type) {
      case DEFINE_CONTRACT -> new ToWorker.DefineContract(in.text(), readClasses(in));
      case PLUGIN_JAR -> new ToWorker.PluginJar(in.text(), in.bytes(), in.bool());
      case OPEN_SERVICE -> new ToWorker.OpenService(in.u32(), in.text());
      case CALL -> new ToWorker.Call(in.u64(), in.u32(), in.u32(), in.bytes(), in.u64());
      case RUN_SCRIPT ->
          new ToWorker.RunScript(
              in.u64(),
              in.text(),
              in.text(),
              in.bytes(),
              in.u64(),
              new ScriptQuota(in.u64(), in.u32()));
      case READ_TRAITS -> new ToWorker.ReadTraits();
      default -> throw unknown(type);
    };
  }

  static ToHost readToHost(FrameInput in) throws ProtocolException {
    int type = in.u8();
    return switch (type) {
      case READY -> new ToHost.Ready(in.u32());
      case SERVICE_OPENED -> new ToHost.ServiceOpened(in.u32());
      case SERVICE_MISSING -> new ToHost.ServiceMissing(in.u32(), in.text());
      case RETURNED -> new ToHost.Returned(in.u64(), in.bytes());
      case THREW -> new ToHost.Threw(in.u64(), in.text(), in.text(), in.text());
      case REJECTED -> new ToHost.Rejected(in.u64(), in.text());
      case OUTPUT -> new ToHost.Output(in.u64(), in.bool(), in.bytes());
      case TRAITS -> new ToHost.Traits(traits(in.u32()));
      case THREAD_DUMP -> new ToHost.ThreadDump(in.u64(), in.text());
      case LIMIT_MET -> new ToHost.LimitMet(in.u64(), Metered.of(in.u8()));
      default -> throw unknown(type);
    };
  }

  private static int bits(Set<Trait> traits) {
    int bits = 0;
    for (Trait trait : traits) {
      bits |= trait.bit();
    }
    return bits;
  }

  private static Set<Trait> traits(int bits) throws ProtocolException {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    int rest = bits;
    for (Trait trait : Trait.values()) {
      if ((bits & trait.bit()) != 0) {
        traits.add(trait);
        rest &= ~trait.bit();
      }
    }
    if (rest != 0) {
      throw new ProtocolException("unknown traits: 0x" + Integer.toHexString(rest));
    }
    return traits;
  }

  private static Map<String, byte[]> readClasses(FrameInput in) throws ProtocolException {
    int count = in.count(2 * Integer.BYTES);
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.text();
      if (classes.put(name, in.bytes()) != null) {
        throw new ProtocolException("a contract has a class twice");
      }
    }
    return classes;
  }

  private static ProtocolException unknown(int type) {
    return new ProtocolException("unknown message type 0x" + Integer.toHexString(type));
  }
}
