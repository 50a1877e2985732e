import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tfjsCpu } from '@patchbert/backend';
import { float32Tensor, type HostTensors, type Tensors } from '@patchbert/ops';
import { readSafetensors, toFloat32 } from '@patchbert/safetensors';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  adamW,
  clipByGlobalNorm,
  type Objective,
  oneCycle,
  optimiserScalars,
  type Schedule,
  trainingStep,
  warmupCosine,
} from '../src/index.ts';

const golden =
  process.env.PATCHBERT_GOLDEN_DIR ?? fileURLToPath(new URL('../../../../shared/golden', import.meta.url));
const folder = join(golden, 'optim');
const cases = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^adamw-.*\.safetensors$/.test(name))
  : [];

interface AdamCase {
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly lr_per_step: readonly number[];
  readonly max_norm: number | null;
  readonly steps: number;
  readonly weight_decay: number;
  readonly onecycle?: {
    max_lr: number;
    total_steps: number;
    pct_start: number;
    div_factor: number;
    final_div_factor: number;
  };
}

interface ScheduleCase {
  readonly name: string;
  readonly lr: readonly number[];
  readonly [option: string]: unknown;
}

describe('optimiser against PyTorch', () => {
  it('has fixtures', () => {
    expect(cases.length, `no adamw-*.safetensors under ${folder}`).toBeGreaterThan(0);
  });

  it.each(cases)('%s', async (file) => {
    const options = json<Record<string, AdamCase>>('config.json')[file.replace('.safetensors', '')]!;
    const { tensors } = readSafetensors(readFileSync(join(folder, file)));
    const rows = (prefix: string) =>
      Object.fromEntries(
        [...tensors]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, tensor]) => [
            name.slice(prefix.length),
            { shape: tensor.shape, data: toFloat32(tensor) },
          ]),
      );
    const gradients = rows('grad.');
    const expected = rows('param.');
    const clipped = rows('clipped_grad.');
    const norms = tensors.get('total_norm');
    const names = Object.keys(gradients);
    const rowOf = (table: (typeof gradients)[string], row: number) => {
      const shape = table.shape.slice(1);
      const count = shape.reduce((product, size) => product * size, 1);
      return float32Tensor(table.data.slice(row * count, (row + 1) * count), shape);
    };
    const rowsOf = (table: typeof gradients, row: number): HostTensors =>
      Object.fromEntries(names.map((name) => [name, rowOf(table[name]!, row)]));

    // PyTorch decays all three tensors, whatever their names.
    const optimiser = adamW({
      beta1: options.betas[0],
      beta2: options.betas[1],
      epsilon: options.eps,
      weightDecay: options.weight_decay,
      mask: () => true,
      ...(options.max_norm !== null && { clipNorm: options.max_norm }),
    });
    const parameters = rowsOf(expected, 0);
    const state = { ...parameters, ...optimiser.initialState(parameters) };
    const batchOf = (step: number): HostTensors => ({
      ...Object.fromEntries(names.map((name) => [`given.${name}`, rowOf(gradients[name]!, step - 1)])),
      ...optimiserScalars(optimiser, step, options.lr_per_step[step - 1]!),
    });
    const backend = await tfjsCpu.create();
    const program = await backend.compile(trainingStep(givenGradients(names), optimiser, names), {
      state,
      batch: batchOf(1),
    });
    await program.writeState(state);
    for (let step = 1; step <= options.steps; step++) {
      const outputs = await program.run(batchOf(step));
      const now = await program.readState(names);
      for (const name of names) {
        expectClose(now[name]!.data, rowOf(expected[name]!, step).data, `${name} after step ${step}`);
      }
      if (norms)
        expectClose(outputs.gradientNorm!.data, toFloat32(norms).slice(step - 1, step), `norm ${step}`);
    }
    const final = await program.readState();
    for (const [prefix, ours] of [
      ['exp_avg.', 'adam.mean.'],
      ['exp_avg_sq.', 'adam.square.'],
    ] as const) {
      for (const [name, tensor] of Object.entries(rows(prefix))) {
        expectClose(final[`${ours}${name}`]!.data, tensor.data, `${prefix}${name}`);
      }
    }
    for (let row = 0; options.max_norm !== null && row < options.steps; row++) {
      const tensors = tensorsOf(rowsOf(gradients, row));
      const { updates } = clipByGlobalNorm(options.max_norm).update(tensors, {
        state: {},
        parameters: {},
        scalars: {},
      });
      for (const name of names) {
        expectClose(
          await updates[name]!.data(),
          rowOf(clipped[name]!, row).data,
          `clipped ${name}, row ${row}`,
        );
      }
    }
    await backend.dispose();
  });
});

describe('schedules against PyTorch and Hugging Face', () => {
  it('one-cycle and warm-up cosine agree to 1e-12', () => {
    const fixtures = json<readonly ScheduleCase[]>('schedules.json');
    expect(fixtures.length).toBeGreaterThan(0);
    for (const fixture of fixtures) expectRates(scheduleOf(fixture), fixture.lr, fixture.name);
    for (const { onecycle, lr_per_step } of Object.values(json<Record<string, AdamCase>>('config.json'))) {
      if (onecycle) expectRates(scheduleOf({ name: 'onecycle', lr: [], ...onecycle }), lr_per_step, 'adamw');
    }
  });
});

function scheduleOf(fixture: ScheduleCase): Schedule {
  const option = (name: string) => {
    expect(fixture[name], `${fixture.name} states ${name}`).toBeTypeOf('number');
    return fixture[name] as number;
  };
  if (fixture.name === 'onecycle') {
    return oneCycle({
      maximum: option('max_lr'),
      totalSteps: option('total_steps'),
      pctStart: option('pct_start'),
      divisor: option('div_factor'),
      finalDivisor: option('final_div_factor'),
      anneal: fixture.anneal_strategy === 'linear' ? 'linear' : 'cosine',
    });
  }
  expect(fixture.name, 'a schedule this test knows').toBe('cosine_with_warmup');
  return warmupCosine({
    maximum: option('base_lr'),
    warmupSteps: option('num_warmup_steps'),
    totalSteps: option('num_training_steps'),
    cycles: option('num_cycles'),
  });
}

/** A loss whose gradient is exactly what the fixture recorded. */
function givenGradients(names: readonly string[]): Objective {
  const loss = (parameters: Tensors, batch: Tensors): tf.Scalar =>
    tf.addN(names.map((name) => tf.sum(tf.mul(parameters[name]!, batch[`given.${name}`]!)))) as tf.Scalar;
  return { loss, evaluate: (parameters, batch) => ({ loss: loss(parameters, batch) }) };
}

function tensorsOf(tensors: HostTensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
}

function json<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const allowed = 2e-5 + 2e-5 * Math.abs(expected[i]!);
    expect(Math.abs(actual[i]! - expected[i]!), `${what}[${i}]`).toBeLessThanOrEqual(allowed);
  }
}

function expectRates(schedule: Schedule, expected: readonly number[], what: string): void {
  expected.forEach((rate, update) => {
    expect(Math.abs(schedule(update) - rate), `${what}, update ${update}`).toBeLessThanOrEqual(1e-12);
  });
}
