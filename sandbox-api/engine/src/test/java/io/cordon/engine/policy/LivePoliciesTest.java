package io.cordon.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.engine.TestPolicy;
import io.cordon.engine.admission.Gate;
import io.cordon.engine.event.Events;
import io.cordon.engine.task.TenantScope;
import io.cordon.policy.Policy;
import io.cordon.policy.PolicyException;
import io.cordon.policy.PolicyProblem;
import io.cordon.sandbox.ErrorCode;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxEvent.Pending;
import io.cordon.sandbox.SandboxEvent.PolicyChanged;
import io.cordon.sandbox.SandboxEvent.PolicyRejected;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** When a changed file becomes a policy in force; the test is the file system. */
class LivePoliciesTest {
  private static final Pending PENDING =
      new Pending(Optional.of("plugin-1"), ErrorCode.LIMIT_IN_USE, "it is in use");

  private final Paper paper = new Paper();
  private final List<SandboxEvent> told = new ArrayList<>();
  private final List<Policy> reached = new ArrayList<>();
  private List<Pending> pending = List.of();
  private final LivePolicies policies =
      new LivePolicies(
          paper,
          new Gate(OptionalInt.empty(), System::nanoTime, () -> {}),
          this::reach,
          new Events(List.of(told::add)));

  private List<Pending> reach(TenantScope tenant) {
    reached.add(tenant.policy());
    return pending;
  }

  /** A text for each tenant: a number of processes, or something that is none. */
  private static final class Paper implements PolicySource {
    private final Map<String, String> texts = new HashMap<>();
    private Runnable whileRead = () -> {};

    @Override
    public Policy policy(String tenant) {
      String text = fingerprint(tenant);
      whileRead.run();
      try {
        return policyOf(tenant, Integer.parseInt(text.strip()));
      } catch (NumberFormatException e) {
        throw new PolicyException(List.of(problem(text)));
      }
    }

    @Override
    public String fingerprint(String tenant) {
      return texts.getOrDefault(tenant, "gone");
    }

    @Override
    public Changes changes() {
      return new NoChanges();
    }
  }

  private static PolicyProblem problem(String text) {
    return new PolicyProblem("acme.yaml", 1, 1, PolicyProblem.Code.SYNTAX, text);
  }

  private static Policy policyOf(String tenant, int pids) {
    return TestPolicy.generous().pids(pids).of(tenant);
  }

  private TenantScope open(String tenant, String text) {
    paper.texts.put(tenant, text);
    TenantScope scope = policies.tenant(tenant);
    settle();
    told.clear();
    reached.clear();
    return scope;
  }

  private void settle() {
    for (int i = 0; !policies.look(); i++) {
      assertThat(i).as("looks until it has settled").isLessThan(10);
    }
  }

  private void write(String text) {
    paper.texts.put("acme", text);
    settle();
  }

  @Test
  void whatHasNotChangedIsNotTold() {
    paper.texts.put("acme", "7");
    TenantScope acme = policies.tenant("acme");
    settle();

    assertThat(acme.policy()).isEqualTo(policyOf("acme", 7));
    assertThat(told).isEmpty();
    assertThat(reached).isEmpty();
  }

  @Test
  void aChangeIsInForceReachesWhatRunsAndIsTold() {
    TenantScope acme = open("acme", "7");
    pending = List.of(PENDING);
    write("8");

    assertThat(acme.policy()).isEqualTo(policyOf("acme", 8));
    assertThat(reached).containsExactly(policyOf("acme", 8));
    assertThat(told).containsExactly(new PolicyChanged(policyOf("acme", 8), List.of(PENDING)));
  }

  @Test
  void aChangeBeforeTheFirstLookIsNoticed() {
    paper.texts.put("acme", "7");
    TenantScope acme = policies.tenant("acme");
    write("8");

    assertThat(acme.policy()).isEqualTo(policyOf("acme", 8));
    assertThat(told).hasSize(1);
  }

  @Test
  void aFileIsReadOnceItHasStayedTheSame() {
    TenantScope acme = open("acme", "77");
    for (String half : List.of("", "8", "88")) {
      paper.texts.put("acme", half);
      assertThat(policies.look()).as(half).isFalse();
    }
    assertThat(acme.policy()).isEqualTo(policyOf("acme", 77));
    assertThat(told).isEmpty();

    assertThat(policies.look()).isTrue();
    assertThat(acme.policy()).isEqualTo(policyOf("acme", 88));
  }

  @Test
  void aFileThatChangesWhileItIsReadIsReadAgain() {
    TenantScope acme = open("acme", "7");
    paper.texts.put("acme", "8");
    assertThat(policies.look()).isFalse();
    paper.whileRead =
        () -> {
          paper.whileRead = () -> {};
          paper.texts.put("acme", "9");
        };

    assertThat(policies.look()).isFalse();
    assertThat(acme.policy()).isEqualTo(policyOf("acme", 7));
    settle();
    assertThat(acme.policy()).isEqualTo(policyOf("acme", 9));
    assertThat(told).hasSize(1);
  }

  @Test
  void aBrokenFileLeavesTheLastGoodPolicyAndIsToldOnceForEachProblem() {
    TenantScope acme = open("acme", "7");
    write("eight");
    write("eight");
    write("ocho");
    write(" ocho");

    assertThat(acme.policy()).isEqualTo(policyOf("acme", 7));
    assertThat(reached).isEmpty();
    assertThat(told)
        .containsExactly(
            new PolicyRejected("acme", List.of(problem("eight"))),
            new PolicyRejected("acme", List.of(problem("ocho"))),
            new PolicyRejected("acme", List.of(problem(" ocho"))));
  }

  @Test
  void theSameProblemOfAnotherTextIsNotToldAgain() {
    open("acme", "7");
    write("gone");
    paper.texts.remove("acme");
    settle();

    assertThat(told).containsExactly(new PolicyRejected("acme", List.of(problem("gone"))));
  }

  @Test
  void aFileThatVanishesLeavesTheLastGoodPolicyUntilItIsBack() {
    TenantScope acme = open("acme", "7");
    paper.texts.remove("acme");
    settle();
    assertThat(acme.policy()).isEqualTo(policyOf("acme", 7));

    write("7");
    assertThat(told)
        .containsExactly(
            new PolicyRejected("acme", List.of(problem("gone"))),
            new PolicyChanged(policyOf("acme", 7), List.of()));
  }

  @Test
  void anotherCommentIsNoChange() {
    open("acme", "7");
    write("7 ");

    assertThat(told).isEmpty();
    assertThat(reached).isEmpty();
  }

  @Test
  void whatIsPendingIsTriedAgainAtTheNextChangeWhateverThatIs() {
    open("acme", "7");
    pending = List.of(PENDING);
    write("8");
    pending = List.of();
    told.clear();
    write("8 ");

    assertThat(reached).hasSize(2);
    assertThat(told).containsExactly(new PolicyChanged(policyOf("acme", 8), List.of()));
  }

  @Test
  void oneTenantsChangeIsNoOthers() {
    TenantScope acme = open("acme", "7");
    TenantScope globex = open("globex", "7");
    write("8");

    assertThat(acme.policy()).isEqualTo(policyOf("acme", 8));
    assertThat(globex.policy()).isEqualTo(policyOf("globex", 7));
    assertThat(told).extracting(SandboxEvent::tenant).containsExactly("acme");
  }

  @Test
  void aTenantWithoutAPolicyIsAskedForInVainUntilThereIsOne() {
    assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> policies.tenant("acme"));
    settle();

    assertThat(open("acme", "7").policy()).isEqualTo(policyOf("acme", 7));
  }

  @Test
  void theSameTenantIsTheSameScope() {
    TenantScope acme = open("acme", "7");

    assertThat(policies.tenant("acme")).isSameAs(acme);
  }
}
