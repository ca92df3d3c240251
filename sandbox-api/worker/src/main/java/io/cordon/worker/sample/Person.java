package io.cordon.worker.sample;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What goes in: a little of everything that contracts are made of. */
public record Person(
    String name,
    int age,
    Optional<String> nickname,
    List<String> hobbies,
    Map<String, BigDecimal> accounts) {}
