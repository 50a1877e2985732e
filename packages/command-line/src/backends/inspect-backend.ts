import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Availability } from '@patchbert/backend';
import type { SelfTestResult } from '@patchbert/backend-contract';
import type { ListedBackend } from './list-backends.ts';

/** What a backend does here. */
export interface InspectedBackend extends ListedBackend {
  readonly availability: Availability;
  /** How the self-test went, where one was asked for and ended. */
  readonly check?: SelfTestResult;
  /** Why the self-test did not end. */
  readonly failure?: string;
}

/** What the process of an inspection reports, in this order; the second one only of a self-test. */
export type InspectionReport =
  | { readonly availability: Availability }
  | { readonly check: SelfTestResult }
  | { readonly failure: string };

/** What the process of an inspection is asked. */
export interface InspectionRequest {
  readonly typed: string;
  readonly isChecked: boolean;
}

export interface InspectionOptions {
  /** Whether to run the self-test too. */
  readonly check: boolean;
  /** Milliseconds to say whether it runs here. Default: 30 s. */
  readonly answerWithin?: number;
  /** Milliseconds for the self-test; an engine on a graphics card in software takes its time. Default: 5 minutes. */
  readonly checkWithin?: number;
}

/** The build's, from the sources too: they lie at the same depth, and Node runs no TypeScript. */
const program = fileURLToPath(new URL('../../dist/backends/inspection-process.js', import.meta.url));

/**
 * Asks a backend whether it runs here, and with `check` has it train a few steps, in a process of its own: an engine that
 * crashes, hangs or prints takes nothing else with it.
 */
export async function inspectBackend(
  backend: ListedBackend,
  { check, answerWithin = 30_000, checkWithin = 300_000 }: InspectionOptions,
): Promise<InspectedBackend> {
  const request: InspectionRequest = { typed: backend.typed, isChecked: check };
  const child = fork(program, [JSON.stringify(request)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  const reports = reportsOf(child);
  try {
    const answer = await reports.next(answerWithin);
    if ('ended' in answer) return { ...backend, availability: { available: false, reason: answer.ended } };
    if (!('availability' in answer.report))
      return { ...backend, availability: { available: false, reason: 'it gave no answer' } };
    const { availability } = answer.report;
    if (!check || !availability.available) return { ...backend, availability };
    const result = await reports.next(checkWithin);
    if ('ended' in result) return { ...backend, availability, failure: result.ended };
    return { ...backend, ...result.report, availability };
  } finally {
    child.kill('SIGKILL');
  }
}

type NextReport = { readonly report: InspectionReport } | { readonly ended: string };

/** What an engine wrote last; of a trace of Node, the error itself. */
function lastWords(errors: string): string {
  const lines = errors.trim().split('\n');
  const words = lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
  return words ? `: ${words}` : '';
}

/** The reports of a process one by one, or how it ended before. */
function reportsOf(child: ChildProcess): { next(milliseconds: number): Promise<NextReport> } {
  const reports: InspectionReport[] = [];
  let errors = '';
  let ended: string | undefined;
  let wake = () => {};
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  child.on('message', (message) => {
    reports.push(message as InspectionReport);
    wake();
  });
  child.on('error', (error) => {
    ended ??= `its process did not start: ${error.message}`;
    wake();
  });
  // Not `exit`: what it wrote and reported last is here by then.
  child.on('close', (code, signal) => {
    ended ??= `its engine ended the process (${signal ?? `exit code ${code}`})${lastWords(errors)}`;
    wake();
  });
  return {
    async next(milliseconds) {
      const late = setTimeout(() => {
        ended ??= `it did not answer within ${Math.round(milliseconds / 1000)} s`;
        wake();
      }, milliseconds);
      while (reports.length === 0 && ended === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      clearTimeout(late);
      const report = reports.shift();
      return report === undefined ? { ended: ended! } : { report };
    },
  };
}
