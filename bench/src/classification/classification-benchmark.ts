import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from '@patchbert/backend';
import { type ClassifyConfigInput, fitClassifier, type MethodResult } from '@patchbert/classify';
import { adapters as engines } from '@patchbert/command-line';
import { openClassificationDataset } from '@patchbert/datasets';
import { formatTable } from '../table.ts';
import { published } from './published.ts';

export interface ClassificationOptions {
  /** Comma-separated. */
  readonly sets: string;
  readonly dataDir?: string;
  readonly labelsPerClass?: number;
  readonly seeds: number;
  readonly threads: number;
  /** A file of settings, for comparisons with the default recipe. */
  readonly config?: string;
  readonly control: boolean;
}

/** Accuracies of one set by column of the table. */
type Row = ReadonlyMap<string, number>;

/**
 * The default recipe on the test series of standard sets: an ensemble and its members, beside the same networks without
 * pretraining. With few labels every seed draws labels of its own, so there is no ensemble and means are over seeds.
 */
export async function classificationBenchmark(options: ClassificationOptions): Promise<void> {
  const { dataDir, labelsPerClass, seeds, threads, control } = options;
  const settings = options.config === undefined ? {} : JSON.parse(await readFile(options.config, 'utf8'));
  const backend = await startBackend(engines, 'onnx-cpu', { threads });
  const rows = new Map<string, Row>();
  try {
    for (const name of options.sets.split(',')) {
      const { train, test } = await openClassificationDataset(
        name,
        dataDir === undefined ? {} : { dataDirectory: dataDir },
      );
      const fit = async (config: ClassifyConfigInput): Promise<Row> => {
        const folder = await mkdtemp(join(tmpdir(), 'patchbert-bench-'));
        try {
          const { results, receipt } = await fitClassifier({
            config: { control, ...settings, ...config },
            train,
            test,
            backend,
            folder: join(folder, 'classifier'),
          });
          const { pretraining, adapting } = receipt.fitSeconds;
          return new Map([...columnsOf(results), ['seconds', pretraining + adapting]]);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      };
      const fits: Row[] = [];
      if (labelsPerClass === undefined) fits.push(await fit({ members: seeds }));
      else
        for (let seed = 0; seed < seeds; seed++) fits.push(await fit({ members: 1, seed, labelsPerClass }));
      const row = meanOf(fits);
      rows.set(name, row);
      console.log(
        `${name}: ${[...row].map(([column, value]) => `${column} ${value.toFixed(3)}`).join(', ')}`,
      );
    }
  } finally {
    await backend.dispose();
  }
  console.log(`\n${textOf(rows, labelsPerClass === undefined)}`);
}

/** The accuracy of every method, and of its networks by themselves. */
function columnsOf(results: readonly MethodResult[]): [string, number][] {
  return results.flatMap(({ method, kind, classes, singles }): [string, number][] => [
    [kind === 'ours' ? 'ours' : method.replace(/, window .*/, ''), classes!.accuracy],
    ...(singles
      ? ([[`${kind === 'ours' ? 'ours' : method} (single)`, mean(singles)]] as [string, number][])
      : []),
  ]);
}

function meanOf(rows: readonly Row[]): Row {
  return new Map(
    [...rows[0]!.keys()].map((column) => [column, mean(rows.map((row) => row.get(column) ?? Number.NaN))]),
  );
}

/** A line per set and one for the mean of all. */
function textOf(rows: ReadonlyMap<string, Row>, withPublished: boolean): string {
  const complete = new Map<string, Row>(
    [...rows].map(([name, row]) => {
      const known = withPublished ? published[name] : undefined;
      const others: [string, number][] = known
        ? [
            ['TS2Vec', known.ts2vec],
            ['TST', known.tst],
          ]
        : [];
      return [name, new Map([...row, ...others])];
    }),
  );
  const columns = [...new Set([...complete.values()].flatMap((row) => [...row.keys()]))];
  const line = (name: string, value: (column: string) => number) => [
    name,
    ...columns.map((column) => value(column).toFixed(column === 'seconds' ? 0 : 3)),
  ];
  return formatTable(
    ['set', ...columns],
    [
      ...[...complete].map(([name, row]) => line(name, (column) => row.get(column) ?? Number.NaN)),
      line(`mean of ${complete.size}`, (column) =>
        mean([...complete.values()].map((row) => row.get(column) ?? Number.NaN)),
      ),
    ],
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
