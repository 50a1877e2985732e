import { formatCount } from '../../format/numbers.ts';

/** How long series are, in points: `29`, or `7 to 29`. */
export function lengthText({ shortest, longest }: { shortest: number; longest: number }): string {
  return shortest === longest ? formatCount(longest) : `${formatCount(shortest)} to ${formatCount(longest)}`;
}
