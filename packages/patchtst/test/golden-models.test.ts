import type { Backend, Step } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import {
  chain,
  evaluationStep,
  type GradientTransform,
  optimiserScalars,
  signatureOf,
  trainingStep,
} from '@patchbert/train';
import { describe, expect, it } from 'vitest';
import {
  hiddenStatesStep,
  learnedParameters,
  openPatchTST,
  patchtstObjective,
  prepareSeries,
  tensorNames,
  trainPatchTST,
} from '../src/index.ts';
import { engines, startedBackend } from './support/backends.ts';
import { goldenBatch, goldenMask } from './support/golden-batch.ts';
import {
  expectGradient,
  expectValues,
  golden,
  goldenModel,
  goldenModelNames,
  goldenSeries,
  imported,
} from './support/golden-models.ts';

const names = goldenModelNames();

it('finds models of Hugging Face below PATCHBERT_GOLDEN_DIR', () => {
  expect(names.length).toBeGreaterThan(0);
});

describe.each(names)('%s: the host', (name) => {
  it('scales, cuts and masks as Hugging Face does', () => {
    const model = goldenModel(name);
    const { config } = imported(model);
    const { patches, loc, scale } = prepareSeries(config, goldenSeries(model));
    for (const [ours, theirs] of [
      [patches, 'patch_input'],
      [loc, 'loc'],
      [scale, 'scale'],
    ] as const) {
      expect(ours.shape, theirs).toEqual(golden(model.io, theirs).shape);
      expectValues(ours, golden(model.io, theirs), theirs);
    }
    if (config.task !== 'pretrain') return;
    expect([...goldenMask(config, model)]).toEqual([...golden(model.io, 'mask').data]);
    expectValues(goldenBatch(config, model)!.patches, golden(model.io, 'masked_input'), 'masked_input');
  });
});

describe.each(engines)('on $name', (adapter) => {
  const backend = startedBackend(adapter);

  it.each(names)('%s predicts what Hugging Face predicts', async (name) => {
    const model = goldenModel(name);
    const { config, parameters, huggingFace } = imported(model);
    const open = openPatchTST({ config, parameters, huggingFace }, backend(), { batchSize: 2 });
    const series = goldenSeries(model);
    const output = model.meta.output_name;
    switch (config.task) {
      case 'pretrain':
        expectValues(
          await open.reconstruct(series, goldenMask(config, model)),
          golden(model.io, output),
          output,
        );
        break;
      case 'encode':
        break;
      default: {
        const prediction = await open[config.task](series);
        expect(prediction.shape).toEqual(golden(model.io, output).shape);
        expectValues(prediction, golden(model.io, output), output);
      }
    }
    open.dispose();
  });

  it.each(names)('%s has the hidden states that Hugging Face has', async (name) => {
    const model = goldenModel(name);
    const { config, parameters } = imported(model);
    const batch = goldenBatch(config, model) ?? { ...prepareSeries(config, goldenSeries(model)) };
    const inputs = { patches: batch.patches! };
    const { lastHiddenState, ...states } = await runOnce(
      backend(),
      hiddenStatesStep(config),
      parameters,
      inputs,
    );
    expect(Object.keys(states).length).toBe(config.layers);
    for (let layer = 0; layer < config.layers; layer++) {
      const expected = golden(model.io, `hidden_states.${layer}`);
      expect(states[`hiddenStates.${layer}`]!.shape).toEqual(expected.shape);
      expectValues(states[`hiddenStates.${layer}`], expected, `hidden_states.${layer}`);
    }
    expectValues(lastHiddenState, golden(model.io, 'last_hidden_state'), 'last_hidden_state');
  });

  it.each(names)('%s has the loss that Hugging Face has', async (name) => {
    const model = goldenModel(name);
    const { config, parameters } = imported(model);
    const batch = goldenBatch(config, model);
    if (batch === undefined) return;
    const step = evaluationStep(patchtstObjective(config));
    const { weightedLoss, count } = await runOnce(backend(), step, parameters, batch);
    const loss = { ...weightedLoss!, data: Float32Array.of(weightedLoss!.data[0]! / count!.data[0]!) };
    expectValues(loss, golden(model.io, 'loss'), 'loss');
  });

  it.each(names)('%s trains as Hugging Face trains', async (name) => {
    const model = goldenModel(name);
    const { config, parameters } = imported(model);
    const batch = goldenBatch(config, model) ?? { ...prepareSeries(config, goldenSeries(model)) };
    const inTraining = (output: string) => (config.norm === 'batch' ? `train.${output}` : output);

    const pass: Step = (state, inputs) => {
      const { hiddenStates, prediction, measured } = trainPatchTST(state, config, inputs);
      return { state: measured, outputs: { last: hiddenStates.last, ...(prediction && { prediction }) } };
    };
    const outputs = await runOnce(backend(), pass, parameters, batch);
    expectValues(outputs.last, golden(model.io, inTraining('last_hidden_state')), 'last_hidden_state');
    if (outputs.prediction) {
      const { output_name: output } = model.meta;
      expectValues(outputs.prediction, golden(model.io, inTraining(output)), output);
    }

    if (config.task === 'encode') {
      expectAfter(model, await stateAfter(backend(), pass, parameters, batch));
      return;
    }
    const step = trainingStep(patchtstObjective(config), showGradients, learnedParameters(config));
    const inputs = { ...batch, ...optimiserScalars(showGradients, 1, 0) };
    const { loss, ...gradients } = await runOnce(backend(), step, parameters, inputs);
    expectValues(loss, golden(model.io, inTraining('loss')), 'loss');
    const learned = tensorNames(config).filter(({ spec }) => spec.role === 'learned');
    expect(learned.map(({ theirs }) => theirs).sort()).toEqual([...model.gradients.keys()].sort());
    for (const { name: ours, theirs } of learned) {
      // What is 0 in theory is rounding noise, as large as the gradients beside it make it.
      const beside = model.meta.grad_exactly_zero_in_theory.includes(theirs)
        ? theirs.replace(/bias$/, 'weight')
        : theirs;
      expectGradient(
        gradients[`gradient.${ours}`],
        golden(model.gradients, theirs),
        theirs,
        golden(model.gradients, beside),
      );
    }
    expectAfter(model, await stateAfter(backend(), step, parameters, inputs));
  });
});

/** Leaves parameters alone and puts out their gradients. */
const showGradients: GradientTransform = chain({
  initialState: () => ({}),
  scalars: () => ({}),
  update: (gradients) => ({
    updates: Object.fromEntries(Object.entries(gradients).map(([name, one]) => [name, one.mul(0)])),
    state: {},
    outputs: Object.fromEntries(Object.entries(gradients).map(([name, one]) => [`gradient.${name}`, one])),
  }),
});

async function runOnce(backend: Backend, step: Step, state: HostTensors, batch: HostTensors) {
  const program = await backend.compile(step, signatureOf(state, batch));
  await program.writeState(state);
  const outputs = await program.run(batch);
  program.dispose();
  return outputs;
}

async function stateAfter(backend: Backend, step: Step, state: HostTensors, batch: HostTensors) {
  const program = await backend.compile(step, signatureOf(state, batch));
  await program.writeState(state);
  await program.run(batch);
  const after = await program.readState();
  program.dispose();
  return after;
}

/** Running statistics are those of Hugging Face after the pass, and nothing else has changed. */
function expectAfter(model: ReturnType<typeof goldenModel>, after: HostTensors): void {
  const { config, parameters } = imported(model);
  const measured = tensorNames(config).filter(({ spec }) => spec.role === 'measured');
  expect(measured.map(({ theirs }) => theirs).sort()).toEqual([...model.after.keys()].sort());
  for (const { name, theirs, spec } of tensorNames(config)) {
    if (spec.role === 'measured') expectValues(after[name], golden(model.after, theirs), theirs);
    else expect(after[name]!.data, name).toEqual(parameters[name]!.data);
  }
}
