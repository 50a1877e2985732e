/** A time in ISO 8601, as messages and tables show it. */
export function showTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
