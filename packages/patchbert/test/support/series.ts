import { createFrame, type Frame, type Panel, stackFrames } from 'patchbert';

const HOUR = 3_600_000;

/** Hourly rows of a cycle of 12 with a little of something else in it. */
export function cycle(name: string, rows: number, phase = 0): Frame {
  const value = (_: unknown, row: number) =>
    50 + 10 * Math.sin((row + phase) * (Math.PI / 6)) + Math.sin(row * row * 0.7);
  return createFrame({
    name,
    channels: ['load'],
    columns: [Float32Array.from({ length: rows }, value)],
    times: Float64Array.from({ length: rows }, (_, row) => Date.UTC(2026, 0, 1) + row * HOUR),
  });
}

export function cycles(...lengths: readonly number[]): Panel {
  const frames = lengths.map((rows, i) => cycle(`meter ${i + 1}`, rows, i * 5));
  return stackFrames(frames, { name: 'meters' });
}

/** Options that make a fit a matter of a second. */
export const small = { horizon: 6, contextLength: 24, pretrain: { steps: 10, batchSize: 8 } } as const;
