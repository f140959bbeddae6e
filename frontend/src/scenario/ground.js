// From the flat plan in metres to longitude and latitude and back, as the picture was made.

export function toMetres(svg, event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(
    svg.getScreenCTM().inverse(),
  );
  return [point.x, point.y];
}

const scale = (svg) => ({
  west: Number(svg.dataset.west),
  north: Number(svg.dataset.north),
  east: Number(svg.dataset.east),
  degree: Number(svg.dataset.degree),
});

const rounded = (value) => Math.round(value * 1e8) / 1e8;

export function toDegrees(svg, [x, y]) {
  const { west, north, east, degree } = scale(svg);
  return [rounded(west + x / east), rounded(north - y / degree)];
}

// A line moved by metres as a whole, or one end of it ("0" the first, "-1" the last).
export function moveLine(svg, line, [x, y], end) {
  const { east, degree } = scale(svg);
  const last = line.coordinates.length - 1;
  const held = end === undefined ? null : end === "0" ? 0 : last;
  return {
    ...line,
    coordinates: line.coordinates.map((place, index) =>
      held === null || held === index
        ? [rounded(place[0] + x / east), rounded(place[1] - y / degree)]
        : place,
    ),
  };
}

// What a tool places: a change as the library reads it, with figures that forms can refine.
export function placed(tool, [first, last]) {
  const line = { type: "LineString", coordinates: [first, last] };
  switch (tool) {
    case "place_row":
      return { type: tool, line, family: "fixed-bollard-deep" };
    case "narrow_mouth":
      return { type: tool, line, clear_width: 3, side: "middle" };
    case "add_chicane":
      return {
        type: tool,
        point: { type: "Point", coordinates: first },
        towards: { type: "Point", coordinates: last },
        shift: 2,
        spacing: 10,
        clear_width: 3,
      };
    default:
      return { type: "add_barrier", shape: line, thickness: 0.3 };
  }
}
