package io.cordon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.GuestCells.GuestKernelFacts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemplateNotesTest {
  private static final GuestKernelFacts KERNEL = new GuestKernelFacts(2, true, 40);
  private static final TemplateNotes PLAIN = new TemplateNotes(KERNEL, 1, Optional.empty());
  private static final TemplateNotes RESIDENT =
      new TemplateNotes(
          new GuestKernelFacts(0, false, 9),
          3,
          Optional.of(new TemplateNotes.Resident(2, "ab".repeat(32))));

  @Test
  void whatIsReadIsWhatWasNoted() {
    for (TemplateNotes notes : List.of(PLAIN, RESIDENT)) {
      assertThat(TemplateNotes.parse(notes.text())).contains(notes);
    }
  }

  @Test
  void nothingElseIsRead() {
    String text = RESIDENT.text();
    for (String other :
        List.of(
            "",
            "\n",
            text + "\n",
            " " + text,
            text.substring(0, text.length() - 1),
            text.replace("false", "maybe"),
            text.replace("order 3", "order -3"),
            text.replace("order 3", "order 9999999999"),
            text.replace("resident-order 2\n", ""),
            text.replace("abab", "xyxy"),
            text.replace("landlock", "other"))) {
      assertThat(TemplateNotes.parse(other)).as(other).isEmpty();
    }
  }
}
