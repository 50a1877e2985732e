import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { adapters, inspectBackend, listBackends } from '@patchbert/command-line';
import { runProcess } from '../run-process.ts';
import { backendFacts } from './backend-facts.ts';
import { backendsTable } from './backends-table.ts';
import { measureOne } from './measure-one.ts';
import {
  type MeasuredBackend,
  type Measurements,
  parseMeasurements,
  type UnmeasuredBackend,
} from './measured-backend.ts';
import { replaceSection } from './replace-section.ts';

export interface BackendsBenchmarkOptions {
  /** Writes what this machine measured. */
  readonly json?: string;
  /** Measurements of other machines and of pages, to show beside these. */
  readonly with: readonly string[];
  /** A document whose table is replaced. */
  readonly document?: string;
  /** Only backends whose name contains this. */
  readonly only?: string;
  /** Whether to measure here at all, or only to write what `with` names. */
  readonly measure: boolean;
}

const baseline = 'onnx-cpu';
const main = fileURLToPath(new URL('../main.js', import.meta.url));

/** Measures every backend that runs on this machine in Node, each in a process of its own, and prints or writes the table. */
export async function backendsBenchmark(options: BackendsBenchmarkOptions): Promise<void> {
  const own = options.measure ? [await measureHere(options.only ?? '')] : [];
  if (options.json !== undefined && own[0])
    writeFileSync(options.json, `${JSON.stringify(own[0], null, 2)}\n`);
  const others = options.with.map((path) => parseMeasurements(readFileSync(path, 'utf8'), path));
  const table = backendsTable(backendFacts, [...own, ...others]);
  console.log(table);
  if (options.document === undefined) return;
  const document = readFileSync(options.document, 'utf8');
  writeFileSync(options.document, replaceSection(document, 'measured', table));
}

/** The process of one backend: prints what it measured as a line of JSON. */
export async function measureInThisProcess(name: string): Promise<void> {
  const byName = (wanted: string) => adapters.find((adapter) => adapter.name === wanted)!;
  console.log(JSON.stringify(await measureOne(byName(name), byName(baseline))));
}

async function measureHere(only: string): Promise<Measurements> {
  const measured: MeasuredBackend[] = [];
  const unmeasured: UnmeasuredBackend[] = [];
  for (const backend of (await listBackends([])).filter(({ name }) => name.includes(only))) {
    const { name } = backend;
    process.stderr.write(`measuring ${name} ...\n`);
    const { availability } = await inspectBackend(backend, { check: false });
    if (!availability.available) {
      unmeasured.push({ name, reason: availability.reason });
      continue;
    }
    const ended = await runProcess([process.execPath, main, 'measure-backend', name]);
    if ('reason' in ended) unmeasured.push({ name, reason: ended.reason });
    else measured.push(JSON.parse(ended.lastLine) as MeasuredBackend);
  }
  return {
    format: 'patchbert-backend-measurements',
    machine: machineText(measured),
    date: new Date().toISOString().slice(0, 10),
    baseline,
    measured,
    unmeasured,
  };
}

function machineText(measured: readonly MeasuredBackend[]): string {
  const processors = cpus();
  const hardware = `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const engines = measured.map(({ engine }) => engine);
  return `Node ${process.versions.node} on ${hardware} (${[...new Set(engines)].join('; ')})`;
}
