/** Squared errors of one forecast on the scored scale, summed over its observed points. */
export function pointErrors(
  prediction: Float32Array,
  target: Float32Array,
  scale: number,
): { readonly squares: number; readonly points: number } {
  let [squares, points] = [0, 0];
  for (let h = 0; h < target.length; h++) {
    if (Number.isNaN(target[h])) continue;
    squares += ((prediction[h]! - target[h]!) / scale) ** 2;
    points++;
  }
  return { squares, points };
}
