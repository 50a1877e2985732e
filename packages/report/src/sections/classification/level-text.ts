import { formatPercent } from '../../format/numbers.ts';

/** What an interval is called: `95 % interval`. */
export function levelText(level: number | undefined): string {
  return Number.isFinite(level) ? `${formatPercent(level)} interval` : 'interval';
}
