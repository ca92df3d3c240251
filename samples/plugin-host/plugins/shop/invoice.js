// Makes an invoice of an order. Bound by the host: `input`, the order as JSON text, and `template`,
// the shop's own Handlebars template. Handlebars itself stands before this text.
Handlebars.registerHelper("money", cents => (cents / 100).toFixed(2));

const order = JSON.parse(input);
if (!Array.isArray(order.lines) || order.lines.length === 0) {
  throw new Error("an order needs at least one line");
}

const lines = order.lines.map(line => ({ ...line, total: line.quantity * line.unitPrice }));
const net = lines.reduce((sum, line) => sum + line.total, 0);
const tax = Math.round(net * order.taxRate);

Handlebars.compile(template)({ ...order, lines, net, tax, total: net + tax });
