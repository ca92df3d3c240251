package io.cordon.worker.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the codecs of plain types, all held to the same limits. Making one is slow, using it is
 * not: keep them. Safe for use by several threads.
 *
 * {@snippet :
 * ValueCodecs codecs = new ValueCodecs(WireLimits.DEFAULT);
 * MethodCodec price = codecs.of(contract).get(0);
 * byte[] arguments = price.writeArguments(new Object[] {order});
 * }
 */
public final class ValueCodecs {

  /** Writes something; a functional interface of its own for its exceptions. */
  interface Writing {
    void to(ValueOutput out) throws IOException, ValueException;
  }

  /** Reads something; a functional interface of its own for its exceptions. */
  interface Reading {
    @Nullable Object from(ValueInput in) throws IOException;
  }

  private final WireLimits limits;
  private final JsonFactory json;
  private final RuntimeTypeWriter runtimeTypes = new RuntimeTypeWriter();

  /** Creates codecs that are held to these limits. */
  public ValueCodecs(WireLimits limits) {
    this.limits = limits;
    this.json =
        new JsonFactoryBuilder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxDocumentLength(limits.bytes())
                    .maxNestingDepth(limits.nesting())
                    .maxNumberLength(limits.numberLength())
                    .maxStringLength(limits.stringLength())
                    .maxNameLength(limits.stringLength())
                    .build())
            .streamWriteConstraints(
                StreamWriteConstraints.builder().maxNestingDepth(limits.nesting()).build())
            // Names come from guests: a table of them would be theirs to fill.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // A value that is left half written must not be ended as if it were whole.
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            // One pool for all threads: virtual ones are too many for a buffer each.
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build();
  }

  /** What a value may be, at most. */
  public WireLimits limits() {
    return limits;
  }

  /**
   * The codec of a type.
   *
   * @throws ContractException if a record of it can't be reached
   */
  public ValueCodec of(PlainType type) throws ContractException {
    return new ValueCodec(this, new CodecCompiler().compile(type));
  }

  /**
   * The codecs of a contract's methods; each at its method's index.
   *
   * @throws ContractException if a record of it can't be reached
   */
  public List<MethodCodec> of(Contract contract) throws ContractException {
    CodecCompiler compiler = new CodecCompiler();
    List<MethodCodec> codecs = new ArrayList<>();
    for (ContractMethod method : contract.methods()) {
      List<PlainType> types = method.parameters();
      Codec[] parameters = new Codec[types.size()];
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] = compiler.compile(types.get(i));
      }
      ValueCodec result =
          method.result() instanceof PlainType.Nothing
              ? null
              : new ValueCodec(this, compiler.compile(method.result()));
      codecs.add(new MethodCodec(this, parameters, result));
    }
    return List.copyOf(codecs);
  }

  /**
   * Writes the global names of a script. Nobody declares their types: each value is written as what
   * it turns out to be.
   *
   * @throws ValueException if one is not plain data, or is too large
   */
  public byte[] writeBindings(SequencedMap<String, ?> bindings) throws ValueException {
    return write(out -> runtimeTypes.write(out, bindings));
  }

  /**
   * Checks that a guest's bytes are one JSON value within the limits.
   *
   * @return the text
   * @throws ProtocolException if they are not
   */
  public String readJsonText(byte[] bytes) throws ProtocolException {
    read(
        bytes,
        in -> {
          if (in.parser.nextToken() == null) {
            throw in.wrong("no value");
          }
          int depth = 0;
          JsonToken token = in.parser.currentToken();
          do {
            if (token.isStructStart()) {
              depth++;
            } else if (token.isStructEnd()) {
              depth--;
            }
            if (depth == 0) {
              return token;
            }
            in.element();
            token = in.parser.nextToken();
          } while (token != null);
          throw in.wrong("the text ends within a value");
        });
    return new String(bytes, StandardCharsets.UTF_8);
  }

  byte[] write(Writing writing) throws ValueException {
    BoundedBytes bytes = new BoundedBytes(limits.bytes());
    try (JsonGenerator generator = json.createGenerator(bytes)) {
      ValueOutput out = new ValueOutput(generator, limits);
      try {
        writing.to(out);
      } catch (StreamConstraintsException e) {
        throw new ValueException(
            "nested more than " + limits.nesting() + " deep: does it hold itself?", e);
      } catch (JsonProcessingException e) {
        throw out.wrong(e.getOriginalMessage());
      } catch (RuntimeException e) {
        throw new ValueException(Where.of(generator.getOutputContext()) + e, e);
      }
    } catch (IOException e) {
      throw new ValueException(String.valueOf(e.getMessage()), e);
    }
    return bytes.toBytes();
  }

  @Nullable Object read(byte[] bytes, Reading reading) throws ProtocolException {
    if (bytes.length > limits.bytes()) {
      throw new ProtocolException("a value has more than " + limits.bytes() + " bytes");
    }
    // As text: from bytes, Jackson would guess the encoding, and the guest could choose it.
    String text = new String(bytes, StandardCharsets.UTF_8);
    try (JsonParser parser = json.createParser(text)) {
      ValueInput in = new ValueInput(parser, limits);
      try {
        Object value = reading.from(in);
        if (parser.nextToken() != null) {
          throw new ProtocolException("there is more after the value");
        }
        return value;
      } catch (JsonProcessingException e) {
        throw in.wrong(Where.bounded(e.getOriginalMessage()));
      } catch (RuntimeException e) {
        throw in.wrong(Where.bounded(String.valueOf(e)));
      }
    } catch (ProtocolException e) {
      throw e;
    } catch (IOException e) {
      throw new ProtocolException(Where.bounded(String.valueOf(e.getMessage())));
    }
  }
}
