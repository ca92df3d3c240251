package io.cordon.worker.wire;

import java.lang.reflect.Method;
import java.util.List;

/**
 * A method of a contract.
 *
 * @param index its number on the wire
 * @param method what reflection calls it
 * @param parameters what its arguments are
 * @param result what it returns
 */
public record ContractMethod(
    int index, Method method, List<PlainType> parameters, PlainType result) {
  public ContractMethod {
    parameters = List.copyOf(parameters);
  }
}
