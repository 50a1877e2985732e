import type { Confusion } from '../classification-run.ts';
import { formatCount } from '../format/numbers.ts';
import { type Html, html } from '../html/html.ts';
import { shortened } from './shortened.ts';

const side = 486;
const letter = 6.6;

/** A square of cells, rows true and columns predicted; a number in each as long as cells are large enough to read. */
export function confusionChart({ classes, counts }: Confusion): Html {
  const labels = classes.map((label) => shortened(label, classes.length > 12 ? 10 : 14));
  const widest = Math.max(...labels.map((label) => [...label].length));
  const labelled = (side - 30 - letter * widest) / classes.length >= 9;
  const longest = labelled ? widest : 0;
  const left = 30 + letter * longest;
  const cell = (side - left) / classes.length;
  // Column labels lie flat where they fit, else they stand.
  const flat = longest * letter <= cell - 2;
  const height = classes.length * cell + (flat ? 44 : 34 + letter * longest);
  const size = Math.min(12, Math.max(8, cell - 2));
  const cells = classes.flatMap((_, row) => {
    const line = classes.map((_, column) => counts[row]?.[column] ?? 0);
    const total = line.reduce((sum, count) => sum + count, 0);
    return line.flatMap((count, column) =>
      count > 0 && Number.isFinite(total)
        ? [countCell({ count, share: count / total, row, column, left, cell })]
        : [],
    );
  });
  const middle = (index: number) => ((index + 0.5) * cell).toFixed(1);
  const foot = classes.length * cell;
  return html`<svg class="confusion" viewBox="0 0 500 ${height.toFixed(0)}" role="img" aria-label="Counts of test series by true and predicted class">
<rect x="${left.toFixed(1)}" y="0" width="${(side - left).toFixed(1)}" height="${foot.toFixed(1)}" fill="var(--panel)"/>
${cells}${
  labelled
    ? labels.map(
        (
          label,
          index,
        ) => html`<text x="${(left - 7).toFixed(1)}" y="${middle(index)}" dy="0.35em" text-anchor="end" font-size="${size}" fill="var(--ink)">${label}</text>
${
  flat
    ? html`<text x="${(left + Number(middle(index))).toFixed(1)}" y="${(foot + 16).toFixed(1)}" text-anchor="middle" font-size="${size}" fill="var(--ink)">${label}</text>`
    : html`<text transform="translate(${(left + Number(middle(index))).toFixed(1)} ${(foot + 7).toFixed(1)}) rotate(-90)" dy="0.35em" text-anchor="end" font-size="${size}" fill="var(--ink)">${label}</text>`
}`,
      )
    : undefined
}
<text transform="translate(11 ${(foot / 2).toFixed(1)}) rotate(-90)" text-anchor="middle" font-size="11.5" fill="var(--muted)">true class</text>
<text x="${((left + side) / 2).toFixed(1)}" y="${(height - 6).toFixed(1)}" text-anchor="middle" font-size="11.5" fill="var(--muted)">predicted class</text>
</svg>`;
}

interface CountCell {
  readonly count: number;
  /** Of the row, 0 to 1. */
  readonly share: number;
  readonly row: number;
  readonly column: number;
  readonly left: number;
  readonly cell: number;
}

function countCell({ count, share, row, column, left, cell }: CountCell): Html {
  const text = formatCount(count);
  const opacity = 0.14 + 0.86 * Math.min(1, share);
  const gap = cell > 12 ? 1 : 0.3;
  const x = left + column * cell;
  const y = row * cell;
  const size = Math.min(13, cell * 0.5, (1.5 * cell) / text.length);
  return html`<rect x="${(x + gap / 2).toFixed(1)}" y="${(y + gap / 2).toFixed(1)}" width="${(cell - gap).toFixed(1)}" height="${(cell - gap).toFixed(1)}" fill="var(--${row === column ? 'model' : 'check'})" fill-opacity="${opacity.toFixed(2)}"/>${
    size >= 6.5
      ? html`<text x="${(x + cell / 2).toFixed(1)}" y="${(y + cell / 2).toFixed(1)}" dy="0.35em" text-anchor="middle" font-size="${size.toFixed(1)}" fill="var(--${opacity > 0.5 ? 'paper' : 'ink'})">${text}</text>`
      : undefined
  }`;
}
