"""Answer what would keep a public space safe and open: lines, elements, cost, what stays open."""
