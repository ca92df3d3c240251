package io.cordon.worker;

import com.oracle.truffle.api.instrumentation.TruffleInstrument.Registration;
import com.oracle.truffle.api.instrumentation.provider.TruffleInstrumentProvider;
import java.util.Collection;
import java.util.List;
import org.graalvm.polyglot.SandboxPolicy;

/**
 * Offers {@link ScriptMeter} to Truffle's service loader; by hand, since all that its annotation
 * processor would write is this.
 */
@Registration(
    id = ScriptMeter.ID,
    name = "Script meter",
    services = ScriptMeter.class,
    sandbox = SandboxPolicy.CONSTRAINED)
public final class ScriptMeterProvider extends TruffleInstrumentProvider {

  /** For the service loader. */
  public ScriptMeterProvider() {}

  @Override
  protected String getInstrumentClassName() {
    return ScriptMeter.class.getName();
  }

  @Override
  protected Object create() {
    return new ScriptMeter();
  }

  @Override
  protected Collection<String> getServicesClassNames() {
    return List.of(ScriptMeter.class.getName());
  }
}
