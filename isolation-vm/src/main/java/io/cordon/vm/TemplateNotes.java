package io.cordon.vm;

import io.cordon.process.GuestCells.GuestKernelFacts;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What has to be known of a saved guest, and can't be found out again without booting it. Its plans
 * can: from the same specification the same ones are made.
 *
 * @param kernel what its kernel can do
 * @param nextOrder the number of the next order
 * @param resident the program that was executing when it was saved
 */
record TemplateNotes(GuestKernelFacts kernel, int nextOrder, Optional<Resident> resident) {
  private static final String NUMBER = "(\\d{1,9})";
  private static final Pattern TEXT =
      Pattern.compile(
          """
          landlock %1$s
          time-namespaces (true|false)
          last-capability (\\d{1,2})
          next-order %1$s
          (?:resident-order %1$s
          resident-plan ([0-9a-f]{64})
          )?"""
              .formatted(NUMBER));

  /**
   * A program that waits for its input.
   *
   * @param order the order that launched it
   * @param plan the digest of that launch's plan, which names the steps that the guest tells of
   */
  record Resident(int order, String plan) {}

  /** As they are kept. */
  String text() {
    return """
        landlock %d
        time-namespaces %s
        last-capability %d
        next-order %d
        """
            .formatted(
                kernel.landlockAbi(), kernel.timeNamespaces(), kernel.lastCapability(), nextOrder)
        + resident
            .map(
                each ->
                    """
                    resident-order %d
                    resident-plan %s
                    """
                        .formatted(each.order(), each.plan()))
            .orElse("");
  }

  /** What was kept; empty if that is anything else. */
  static Optional<TemplateNotes> parse(String text) {
    Matcher kept = TEXT.matcher(text);
    if (!kept.matches()) {
      return Optional.empty();
    }
    GuestKernelFacts kernel =
        new GuestKernelFacts(
            Integer.parseInt(kept.group(1)),
            Boolean.parseBoolean(kept.group(2)),
            Integer.parseInt(kept.group(3)));
    Optional<Resident> resident =
        Optional.ofNullable(kept.group(5))
            .map(order -> new Resident(Integer.parseInt(order), kept.group(6)));
    return Optional.of(new TemplateNotes(kernel, Integer.parseInt(kept.group(4)), resident));
  }
}
