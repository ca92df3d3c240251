// "Looks for" the cheapest way to ship an order, and swallows whatever would have stopped it.
for (;;) {
  try {
    JSON.parse(input);
  } catch (ignored) {
    // Try again: this time it will work.
  }
}
