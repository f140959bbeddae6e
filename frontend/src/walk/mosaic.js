// Blurring for good: each field of a picture becomes one colour, so that nothing is left to recover.

/** Return how wide a field is: a face that fills a tenth of the picture is four fields. [px] */
export const fieldWidth = (width, height) => Math.max(8, Math.round(Math.max(width, height) / 40));

/** Return the fields, as "column,row", that a round brush touches. */
export function touched(x, y, radius, size) {
  const found = [];
  for (let column = Math.floor((x - radius) / size); column <= (x + radius) / size; column += 1) {
    for (let row = Math.floor((y - radius) / size); row <= (y + radius) / size; row += 1) {
      found.push(`${column},${row}`);
    }
  }
  return found;
}

/** Give a field of an image (as ImageData) its mean colour. */
export function flatten(image, name, size) {
  const [column, row] = name.split(",").map(Number);
  const [left, top] = [Math.max(0, column * size), Math.max(0, row * size)];
  const [right, bottom] = [Math.min(image.width, (column + 1) * size), Math.min(image.height, (row + 1) * size)];
  const n = (right - left) * (bottom - top);
  if (right <= left || bottom <= top) return;
  const sum = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      for (let part = 0; part < 3; part += 1) sum[part] += image.data[(y * image.width + x) * 4 + part];
    }
  }
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      for (let part = 0; part < 3; part += 1) image.data[(y * image.width + x) * 4 + part] = Math.round(sum[part] / n);
    }
  }
}
