import { describe, expect, test } from 'vitest';
import { backendFacts } from '../bench/src/backends/backend-facts.ts';
import { backendsTable } from '../bench/src/backends/backends-table.ts';
import type { Measurements } from '../bench/src/backends/measured-backend.ts';
import { replaceSection } from '../bench/src/backends/replace-section.ts';
import { adapters } from '../packages/command-line/src/index.ts';
import { readText } from './support/workspace.ts';

const shipped = adapters.map(({ name }) => name);

test('the benchmark knows the static facts of exactly the shipped backends, in their order', () => {
  expect(backendFacts.map(({ name }) => name)).toEqual(shipped);
});

test('docs/backends.md has a row for exactly the shipped backends', () => {
  const named = [...readText('docs/backends.md').matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name);
  expect(named).toEqual(shipped);
});

describe('the table of backends', () => {
  const facts = ['fast', 'slow', 'coarse', 'absent'].map((name) => ({
    name,
    install: 'nothing',
    platforms: 'here',
  }));
  const here: Measurements = {
    format: 'patchbert-backend-measurements',
    machine: 'this machine',
    date: '2026-01-02',
    baseline: 'fast',
    measured: [
      {
        name: 'fast',
        engine: 'f',
        precision: 'float32',
        trains: true,
        errorAfterOneStep: 1.3e-7,
        errorAfterTwentySteps: 2e-6,
        milliseconds: 4,
        baselineMilliseconds: 4,
      },
      { name: 'coarse', engine: 'c', precision: 'float16', trains: false, errorAfterOneStep: 1e-3 },
    ],
    unmeasured: [
      { name: 'slow', reason: 'it runs in a page.' },
      { name: 'absent', reason: 'nothing is plugged in.' },
    ],
  };
  const page: Measurements = {
    ...here,
    machine: 'a page',
    measured: [{ ...here.measured[0]!, name: 'slow', milliseconds: 400, baselineMilliseconds: 4 }],
    unmeasured: [],
  };

  test('says what was measured where, and why the rest was not', () => {
    const lines = backendsTable(facts, [here, page])
      .split('\n')
      .map((line) => line.replace(/ +/g, ' '));
    expect(lines).toContain('| `fast` | nothing | here | float32 | yes | 1.3e-7 | 2.0e-6 | 4.0 ms | A |');
    expect(lines).toContain('| `slow` | nothing | here | float32 | yes | 1.3e-7 | 2.0e-6 | 100 x fast | B |');
    expect(lines).toContain('| `coarse` | nothing | here | float16 | no, predicts | 1.0e-3 | | | A |');
    expect(lines).toContain('A: this machine; 2026-01-02. B: a page; 2026-01-02.');
    expect(lines.filter((line) => line.startsWith('- '))).toEqual([
      '- `absent` was not measured: nothing is plugged in.',
    ]);
  });

  test('takes the place of the one before', () => {
    const document = 'a\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nb\n';
    const once = replaceSection(document, 'measured', 'new');
    expect(once).toBe('a\n<!-- measured: begin -->\n\nnew\n\n<!-- measured: end -->\nb\n');
    expect(replaceSection(once, 'measured', 'new')).toBe(once);
    expect(() => replaceSection('a', 'measured', 'new')).toThrow('measured: begin');
  });
});
