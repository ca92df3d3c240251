package io.cordon.process.landlock;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.process.plan.PlanBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class LandlockTest {

  @Test
  void firstVersionKnowsNeitherTruncateNorDevices() {
    assertThat(plan(1))
        .containsExactly(
            "landlock_create_ruleset({everything that ABI 1 knows}, 8, 0)",
            "openat(AT_FDCWD, \"/work\", O_PATH|O_CLOEXEC, 0)",
            "put $1 into {WRITE_FILE}+8",
            "landlock_add_rule($0, 1, {WRITE_FILE}, 0)",
            "openat(AT_FDCWD, \"/bin/java\", O_PATH|O_CLOEXEC, 0)",
            "put $4 into {EXECUTE}+8",
            "landlock_add_rule($0, 1, {EXECUTE}, 0)",
            "landlock_restrict_self($0, 0)");
  }

  @Test
  void newerVersionsGiveMore() {
    assertThat(plan(2)).anyMatch(line -> line.contains("{WRITE_FILE|REFER}"));
    assertThat(plan(3)).anyMatch(line -> line.contains("{WRITE_FILE|REFER|TRUNCATE}"));
    assertThat(plan(5)).anyMatch(line -> line.contains("{WRITE_FILE|REFER|TRUNCATE|IOCTL_DEV}"));
  }

  @Test
  void signalsAndAbstractSocketsStayInsideFromAbi6() {
    assertThat(plan(5).getFirst()).endsWith("8, 0)");
    assertThat(plan(6).getFirst()).endsWith("24, 0)");
  }

  @Test
  void filesGetNoRightsOfDirectories() {
    PlanBuilder plan = new PlanBuilder();
    new Landlock(7).file("/f", Access.READ_FILE, Access.READ_DIR, Access.MAKE_REG).plan(plan);
    assertThat(plan.build().describe().get(2)).contains("{READ_FILE}");
  }

  private static List<String> plan(int abi) {
    PlanBuilder plan = new PlanBuilder();
    new Landlock(abi)
        .directory("/work", Access.WRITE_FILE, Access.REFER, Access.TRUNCATE, Access.IOCTL_DEV)
        .file("/bin/java", Access.EXECUTE, Access.MAKE_DIR)
        .plan(plan);
    return plan.build().describe().stream()
        .map(line -> line.replaceFirst("^.*  (?=landlock_|openat|put )", ""))
        .toList();
  }
}
