package io.cordon.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.engine.supervision.CpuMeter;
import io.cordon.engine.verdict.Stop;
import io.cordon.policy.AdmissionLimits;
import io.cordon.policy.CpuBudget;
import io.cordon.policy.TaskRate;
import io.cordon.sandbox.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Time is the test's own: nothing here waits. */
class GateTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final AdmissionLimits.Queue NO_QUEUE = AdmissionLimits.Queue.NONE;

  private final FakeTicker ticker = new FakeTicker();
  private final AtomicInteger woken = new AtomicInteger();
  private final List<String> order = new ArrayList<>();

  private Gate gate() {
    return new Gate(OptionalInt.empty(), ticker, woken::incrementAndGet);
  }

  private Gate gate(int places) {
    return new Gate(OptionalInt.of(places), ticker, woken::incrementAndGet);
  }

  private static AdmissionLimits concurrent(int tasks, AdmissionLimits.Queue queue) {
    return new AdmissionLimits(OptionalInt.of(tasks), Optional.empty(), Optional.empty(), queue);
  }

  private static AdmissionLimits rate(int count, Duration period, AdmissionLimits.Queue queue) {
    return new AdmissionLimits(
        OptionalInt.empty(), Optional.of(new TaskRate(count, period)), Optional.empty(), queue);
  }

  private static AdmissionLimits budget(
      Duration amount, Duration window, AdmissionLimits.Queue queue) {
    return new AdmissionLimits(
        OptionalInt.empty(), Optional.empty(), Optional.of(new CpuBudget(amount, window)), queue);
  }

  private static AdmissionLimits.Queue queue(int max) {
    return new AdmissionLimits.Queue(max, SECOND.multipliedBy(5));
  }

  private static AdmissionLimits unlimited(AdmissionLimits.Queue queue) {
    return new AdmissionLimits(OptionalInt.empty(), Optional.empty(), Optional.empty(), queue);
  }

  private Guest guest(String name, Admission at) {
    Guest guest = new Guest(name, order);
    at.enter(guest);
    return guest;
  }

  private static Guest enter(Admission at) {
    Guest guest = new Guest();
    at.enter(guest);
    return guest;
  }

  // How many at once

  @Test
  void withoutAQueueTheNextOneIsRefusedAtOnceAndSaysWhatToDo() {
    Admission acme = gate().of("acme", concurrent(2, NO_QUEUE));
    assertThat(acme.tryEnter()).isTrue();
    assertThat(enter(acme).isInside()).isTrue();

    assertThat(acme.tryEnter()).isFalse();
    assertThat(enter(acme).refusal())
        .contains(
            new Refusal(
                ErrorCode.TOO_MANY_TASKS,
                "tenant acme has its 2 tasks running already (tasks.concurrent): wait for one, or"
                    + " raise it"));
    assertThat(woken).hasValue(0);

    acme.leave();
    assertThat(acme.tryEnter()).isTrue();
  }

  @Test
  void whoLeavesLetsTheFirstOfThoseInWhoWait() {
    Admission acme = gate().of("acme", concurrent(1, queue(10)));
    Guest first = guest("first", acme);
    Guest second = guest("second", acme);
    Guest third = guest("third", acme);
    assertThat(second.waits()).isTrue();
    assertThat(woken).hasValue(2);

    acme.leave();
    acme.leave();
    assertThat(order).containsExactly("first", "second", "third");
    assertThat(List.of(first, second, third)).allMatch(Guest::isInside);
  }

  @Test
  void nobodyOvertakesThoseWhoWait() {
    Admission acme = gate().of("acme", rate(1, SECOND, queue(10)));
    guest("first", acme);
    Guest second = guest("second", acme);
    ticker.pass(SECOND);

    assertThat(acme.tryEnter()).as("there is a token, and it is the second's").isFalse();
    assertThat(second.waits()).isTrue();
    Guest third = guest("third", acme);
    assertThat(order).containsExactly("first", "second");
    assertThat(third.waits()).isTrue();
  }

  @Test
  void moreThanTheQueueHoldsAreRefused() {
    Admission acme = gate().of("acme", concurrent(1, queue(2)));
    enter(acme);
    Guest second = enter(acme);
    Guest third = enter(acme);

    assertThat(enter(acme).refusal())
        .contains(
            new Refusal(
                ErrorCode.TOO_MANY_TASKS,
                "tenant acme has its 1 tasks running already (tasks.concurrent), and 2 wait already"
                    + " (tasks.queue.max): wait for one, or raise it"));
    assertThat(List.of(second, third)).allMatch(Guest::waits);
  }

  @Test
  void whoHasWaitedToTheDeadlineIsRefusedByWhatItWaitedFor() {
    Gate gate = gate();
    Admission acme = gate.of("acme", concurrent(1, queue(10)));
    enter(acme);
    Guest early = enter(acme);
    ticker.pass(SECOND);
    Guest late = enter(acme);

    ticker.pass(SECOND.multipliedBy(4).minusNanos(1));
    assertThat(gate.look()).isTrue();
    assertThat(early.waits()).isTrue();
    ticker.pass(Duration.ofNanos(1));
    gate.look();

    assertThat(early.refusal())
        .contains(
            new Refusal(
                ErrorCode.TOO_MANY_TASKS,
                "tenant acme has its 1 tasks running already (tasks.concurrent), and it has waited"
                    + " for 5s (tasks.queue.wait): wait for one, or raise it"));
    assertThat(late.waits()).isTrue();
    acme.leave();
    assertThat(late.isInside()).isTrue();
    assertThat(gate.look()).as("nothing is left to look after").isFalse();
  }

  @Test
  void aPlaceThatIsFreeAtTheDeadlineIsTaken() {
    Gate gate = gate();
    Admission acme = gate.of("acme", rate(1, SECOND.multipliedBy(5), queue(1)));
    enter(acme);
    Guest second = enter(acme);
    ticker.pass(SECOND.multipliedBy(5));
    gate.look();

    assertThat(second.isInside()).isTrue();
  }

  @Test
  void whoWithdrawsIsToldNothingAndNobodyIsHeldUpByIt() {
    Gate gate = gate();
    Admission acme = gate.of("acme", concurrent(1, queue(2)));
    Guest inside = new Guest();
    Ticket told = acme.enter(inside);
    Guest second = new Guest();
    Ticket ticket = acme.enter(second);
    Guest third = enter(acme);

    assertThat(told.withdraw()).as("it is in already").isFalse();
    assertThat(ticket.withdraw()).isTrue();
    assertThat(ticket.withdraw()).isFalse();
    assertThat(enter(acme).waits()).as("there is room in the queue again").isTrue();

    acme.leave();
    assertThat(second.waits()).isTrue();
    assertThat(third.isInside()).isTrue();
  }

  @Test
  void whenTheLastOneWithdrawsNothingIsLeftToLookAfter() {
    Gate gate = gate();
    Admission acme = gate.of("acme", concurrent(1, queue(2)));
    enter(acme);
    Ticket ticket = acme.enter(new Guest());
    assertThat(gate.look()).isTrue();

    ticket.withdraw();
    assertThat(gate.look()).isFalse();
    acme.leave();
    assertThat(acme.tryEnter()).isTrue();
  }

  @Test
  void whatCanNotBeLookedAfterIsRefused() {
    Gate gate = gate();
    Admission acme = gate.of("acme", concurrent(1, queue(2)));
    enter(acme);
    Guest second = enter(acme);

    gate.stop(new Stop.Broken("the clock has stopped"));
    assertThat(second.code()).contains(ErrorCode.LAUNCH_FAILED);
    acme.leave();
    assertThat(acme.tryEnter()).isTrue();
  }

  @Test
  void whoIsToldMayEnterAndLeaveItself() {
    Gate gate = gate();
    Admission acme = gate.of("acme", concurrent(1, queue(10)));
    enter(acme);
    acme.enter(
        new Entrant() {
          @Override
          public void admitted() {
            guest("behind", acme);
            acme.leave();
          }

          @Override
          public void refused(Refusal why) {
            throw new AssertionError(why);
          }
        });
    acme.leave();

    assertThat(order).containsExactly("behind");
  }

  // How many in a while

  @Test
  void aRateLetsItsCountBeginAtOnceAndThenOneAfterTheOther() {
    Gate gate = gate();
    Admission acme = gate.of("acme", rate(5, SECOND, NO_QUEUE));
    for (int i = 0; i < 5; i++) {
      assertThat(enter(acme).isInside()).isTrue();
      acme.leave();
    }
    assertThat(enter(acme).refusal())
        .contains(
            new Refusal(
                ErrorCode.RATE_EXCEEDED,
                "tenant acme has begun tasks at its tasks.rate of 5/s: the next may begin in 200ms,"
                    + " or raise it"));

    ticker.pass(Duration.ofMillis(200));
    assertThat(acme.tryEnter()).isTrue();
    assertThat(acme.tryEnter()).isFalse();
  }

  @Test
  void whoWaitsForTheRateBeginsWhenThereIsATokenOneByOne() {
    Gate gate = gate();
    Admission acme = gate.of("acme", rate(2, SECOND, queue(10)));
    List<Guest> guests = IntStream.range(0, 6).mapToObj(i -> guest("" + i, acme)).toList();
    assertThat(order).containsExactly("0", "1");

    gate.look();
    assertThat(order).hasSize(2);
    ticker.pass(Duration.ofMillis(500));
    gate.look();
    assertThat(order).hasSize(3);
    ticker.pass(SECOND);
    gate.look();
    assertThat(order).containsExactly("0", "1", "2", "3", "4");
    assertThat(guests.getLast().waits()).isTrue();
  }

  @Test
  void whoIsRefusedHasUsedNoToken() {
    Admission acme =
        gate()
            .of(
                "acme",
                new AdmissionLimits(
                    OptionalInt.of(1),
                    Optional.of(new TaskRate(2, SECOND)),
                    Optional.empty(),
                    NO_QUEUE));
    assertThat(acme.tryEnter()).isTrue();
    for (int i = 0; i < 100; i++) {
      assertThat(enter(acme).code()).contains(ErrorCode.TOO_MANY_TASKS);
    }
    acme.leave();
    assertThat(acme.tryEnter()).isTrue();
    acme.leave();
    assertThat(enter(acme).code()).contains(ErrorCode.RATE_EXCEEDED);
  }

  // How much processor time

  @Test
  void whatATaskHasUsedWhileItRunsCountsForTheNext() {
    Admission acme =
        gate().of("acme", budget(SECOND.multipliedBy(10), Duration.ofHours(1), NO_QUEUE));
    CpuMeter cell = acme.meter();
    cell.begin(SECOND.multipliedBy(100).toNanos()); // a cell that has worked for others before
    cell.read(SECOND.multipliedBy(109).toNanos());
    assertThat(acme.tryEnter()).isTrue();

    cell.read(SECOND.multipliedBy(110).toNanos());
    cell.read(SECOND.multipliedBy(110).toNanos());
    cell.read(SECOND.multipliedBy(104).toNanos()); // somebody who has looked before tells it late
    assertThat(enter(acme).code()).contains(ErrorCode.BUDGET_EXCEEDED);
    assertThat(enter(acme).refusal().orElseThrow().reason())
        .startsWith("tenant acme has used 10s of its cpu.budget of 10s per 1h: there is some again")
        .endsWith(", or raise it");
  }

  @Test
  void whoWaitsForTheBudgetBeginsWhenTheWindowHasMovedOn() {
    Gate gate = gate();
    Admission acme =
        gate.of(
            "acme",
            budget(
                SECOND, Duration.ofMinutes(1), new AdmissionLimits.Queue(5, Duration.ofHours(1))));
    acme.meter().read(SECOND.toNanos());
    Guest guest = enter(acme);

    ticker.pass(Duration.ofSeconds(59));
    gate.look();
    assertThat(guest.waits()).isTrue();
    ticker.pass(Duration.ofSeconds(2));
    gate.look();
    assertThat(guest.isInside()).isTrue();
  }

  @Test
  void oneTenantsBudgetAndRateAreNotAnothers() {
    Gate gate = gate();
    Admission acme = gate.of("acme", budget(SECOND, Duration.ofHours(1), NO_QUEUE));
    Admission globex = gate.of("globex", budget(SECOND, Duration.ofHours(1), NO_QUEUE));
    acme.meter().read(SECOND.toNanos());

    assertThat(enter(acme).code()).contains(ErrorCode.BUDGET_EXCEEDED);
    assertThat(globex.tryEnter()).isTrue();
  }

  // All tenants together

  @Test
  void moreThanTheHostHasPlacesForAreRefusedByThatName() {
    Gate gate = gate(2);
    Admission acme = gate.of("acme", unlimited(NO_QUEUE));
    Admission globex = gate.of("globex", unlimited(NO_QUEUE));
    enter(acme);
    enter(globex);

    assertThat(globex.tryEnter()).isFalse();
    assertThat(enter(globex).refusal())
        .contains(
            new Refusal(
                ErrorCode.HOST_BUSY,
                "2 tasks of all tenants are running already (Sandboxes.Builder.tasksConcurrent):"
                    + " wait for one, or raise it"));
    acme.leave();
    assertThat(enter(globex).isInside()).isTrue();
  }

  @Test
  void aTenantsOwnLimitIsNamedBeforeTheHosts() {
    Gate gate = gate(1);
    Admission acme = gate.of("acme", concurrent(1, NO_QUEUE));
    enter(acme);

    assertThat(enter(acme).code()).contains(ErrorCode.TOO_MANY_TASKS);
  }

  @Test
  void tenantsTakeTurnsSoThatOneWithAThousandWaitingKeepsOutNoneWithOne() {
    Gate gate = gate(1);
    Admission flooder = gate.of("flooder", unlimited(queue(1_000)));
    for (int i = 0; i < 1_001; i++) {
      guest("flooder", flooder);
    }
    Map<String, Admission> tenants = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      tenants.put("tenant-" + i, gate.of("tenant-" + i, unlimited(queue(10))));
    }
    tenants.forEach(this::guest);
    tenants.put("flooder", flooder);
    order.clear();

    flooder.leave(); // the one that was in
    for (int i = 0; i < 101; i++) {
      Objects.requireNonNull(tenants.get(order.getLast())).leave();
    }
    assertThat(order)
        .startsWith("flooder", "tenant-0", "tenant-1")
        .endsWith("tenant-99", "flooder");
    assertThat(order.subList(0, 101)).doesNotHaveDuplicates();
  }

  @Test
  void whoCanNotTakeItsTurnKeepsIt() {
    Gate gate = gate(1);
    AdmissionLimits.Queue patient = new AdmissionLimits.Queue(10, Duration.ofHours(1));
    Admission slow = gate.of("slow", rate(1, Duration.ofMinutes(1), patient));
    Admission busy = gate.of("busy", unlimited(patient));
    guest("slow 1", slow);
    guest("busy 1", busy);
    guest("slow 2", slow);
    guest("busy 2", busy);
    guest("busy 3", busy);

    slow.leave();
    busy.leave(); // the place is not kept free for slow, whose next token is a minute away
    assertThat(order).containsExactly("slow 1", "busy 1", "busy 2");

    ticker.pass(Duration.ofMinutes(1));
    busy.leave();
    assertThat(order).containsExactly("slow 1", "busy 1", "busy 2", "slow 2");
  }

  @Test
  void whoWaitsForTheHostIsRefusedByThatName() {
    Gate gate = gate(1);
    Admission acme = gate.of("acme", unlimited(NO_QUEUE));
    Admission globex = gate.of("globex", unlimited(queue(1)));
    enter(acme);
    Guest guest = enter(globex);
    ticker.pass(SECOND.multipliedBy(5));
    gate.look();

    assertThat(guest.code()).contains(ErrorCode.HOST_BUSY);
  }

  // Closed

  @Test
  void whoLeavesAClosedGateLetsNobodyIn() {
    Gate gate = gate(1);
    Admission acme = gate.of("acme", unlimited(queue(1)));
    assertThat(acme.tryEnter()).isTrue();
    Guest guest = new Guest();
    Ticket ticket = acme.enter(guest);

    gate.close();
    acme.leave();
    gate.look();
    assertThat(guest.waits()).isTrue();
    assertThat(ticket.withdraw()).isTrue();
  }

  @Test
  void aClosedGateRefusesWhoComes() {
    Gate gate = gate();
    Admission acme = gate.of("acme", unlimited(queue(1)));

    gate.close();
    assertThat(acme.tryEnter()).isFalse();
    assertThat(enter(acme).code()).contains(ErrorCode.CLOSED);
  }

  // Limits that change

  @Test
  void whoeverWaitsBeginsWhenTheNewLimitsLetIt() {
    Admission acme = gate().of("acme", concurrent(1, queue(10)));
    Guest first = enter(acme);
    List<Guest> waiting = List.of(enter(acme), enter(acme), enter(acme));

    acme.change(concurrent(3, queue(10)));

    assertThat(first.isInside()).isTrue();
    assertThat(waiting).extracting(Guest::isInside).containsExactly(true, true, false);
  }

  @Test
  void whatRunsStillCountsWhenTheLimitIsLowered() {
    Admission acme = gate().of("acme", concurrent(3, NO_QUEUE));
    enter(acme);
    enter(acme);
    enter(acme);

    acme.change(concurrent(2, NO_QUEUE));
    acme.leave();
    assertThat(enter(acme).refusal().orElseThrow().reason()).contains("has its 2 tasks");
    acme.leave();
    assertThat(acme.tryEnter()).isTrue();
    assertThat(acme.tryEnter()).isFalse();
  }

  @Test
  void whoeverWaitsWaitsOnWhenTheQueueIsTakenAway() {
    Gate gate = gate();
    Admission acme = gate.of("acme", concurrent(1, queue(10)));
    enter(acme);
    Guest waiting = enter(acme);

    acme.change(concurrent(1, NO_QUEUE));
    assertThat(waiting.waits()).isTrue();
    assertThat(enter(acme).code()).contains(ErrorCode.TOO_MANY_TASKS);
    ticker.pass(SECOND.multipliedBy(5));
    gate.look();
    assertThat(waiting.code()).contains(ErrorCode.TOO_MANY_TASKS);
  }

  @Test
  void whoMayWaitLessThanThoseBeforeItIsNotKeptWaitingByThem() {
    Gate gate = gate();
    Admission acme = gate.of("acme", concurrent(1, queue(10)));
    enter(acme);
    Guest patient = enter(acme);

    acme.change(concurrent(1, new AdmissionLimits.Queue(10, SECOND)));
    Guest hurried = enter(acme);
    Guest next = enter(acme);
    ticker.pass(SECOND);
    gate.look();

    assertThat(List.of(hurried, next))
        .extracting(guest -> guest.refusal().orElseThrow().reason())
        .allMatch(reason -> reason.contains("it has waited for 1s (tasks.queue.wait)"));
    assertThat(patient.waits()).isTrue();
    ticker.pass(SECOND.multipliedBy(4));
    gate.look();
    assertThat(patient.refusal().orElseThrow().reason()).contains("it has waited for 5s");
    assertThat(gate.look()).as("nothing is left to look after").isFalse();
  }

  @Test
  void anotherRateBeginsWithAsManyTokensTaken() {
    Admission acme = gate().of("acme", rate(5, SECOND, NO_QUEUE));
    enter(acme);
    enter(acme);
    enter(acme);

    acme.change(rate(4, SECOND, NO_QUEUE));
    assertThat(enter(acme).isInside()).isTrue();
    assertThat(enter(acme).code()).contains(ErrorCode.RATE_EXCEEDED);
    acme.change(unlimited(NO_QUEUE));
    assertThat(enter(acme).isInside()).isTrue();
  }

  @Test
  void whatWasUsedOfLateCountsForAnotherBudget() {
    Admission acme = gate().of("acme", budget(SECOND.multipliedBy(5), SECOND, NO_QUEUE));
    CpuMeter cell = acme.meter();
    cell.read(SECOND.multipliedBy(4).toNanos());
    assertThat(acme.tryEnter()).isTrue();

    acme.change(budget(SECOND.multipliedBy(4), Duration.ofHours(1), NO_QUEUE));
    assertThat(enter(acme).code()).contains(ErrorCode.BUDGET_EXCEEDED);
    acme.change(budget(SECOND.multipliedBy(6), Duration.ofHours(1), NO_QUEUE));
    assertThat(acme.tryEnter()).isTrue();
    cell.read(SECOND.multipliedBy(6).toNanos());
    assertThat(enter(acme).code()).contains(ErrorCode.BUDGET_EXCEEDED);
  }

  @Test
  void aBudgetThatIsNewChargesWhatRunsFromNowOn() {
    Admission acme = gate().of("acme", unlimited(NO_QUEUE));
    CpuMeter cell = acme.meter();
    cell.begin(0);
    cell.read(SECOND.multipliedBy(100).toNanos());

    acme.change(budget(SECOND, Duration.ofHours(1), NO_QUEUE));
    cell.read(SECOND.multipliedBy(200).toNanos()); // it is not known how much of that was before
    assertThat(acme.tryEnter()).isTrue();
    cell.read(SECOND.multipliedBy(201).toNanos());
    assertThat(enter(acme).code()).contains(ErrorCode.BUDGET_EXCEEDED);
  }
}
