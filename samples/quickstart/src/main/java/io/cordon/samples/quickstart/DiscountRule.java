package io.cordon.samples.quickstart;

import java.util.List;

/** What a tenant's plugin implements: the contract between this application and its plugins. */
public interface DiscountRule {

  /** What an order costs in the end, in cents. */
  long price(Order order);

  /** An order. */
  record Order(String customer, List<Line> lines) {}

  /** What is ordered, with its price in cents. */
  record Line(String article, long price) {}
}
