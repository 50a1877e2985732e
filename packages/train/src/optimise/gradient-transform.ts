import type { HostTensors, Tensors } from '@patchbert/ops';

/** What a transform sees besides the gradients. */
export interface TransformContext {
  /** The transform's own state, by the names of `initialState`. */
  readonly state: Tensors;
  /** Current parameters, by name. */
  readonly parameters: Tensors;
  /** The host scalars of this step, and `learningRate`. */
  readonly scalars: Tensors;
}

export interface TransformResult {
  /** One update per gradient, same names and shapes. What comes out last is subtracted from the parameters. */
  readonly updates: Tensors;
  /** New values of the state entries that changed. */
  readonly state: Tensors;
  /** Scalars worth logging, such as `gradientNorm`. */
  readonly outputs?: Tensors;
}

/**
 * A piece of an optimiser as pure functions (the form of Optax): gradients go in, updates come out, `chain` joins pieces.
 * State is keyed by parameter name, so freezing or adding parameters never shifts it.
 */
export interface GradientTransform {
  /** State before the first step, such as zeros under `adam.mean.<parameter>`. */
  initialState(parameters: HostTensors): HostTensors;
  /**
   * Scalars that depend on the step (from 1), computed on the host in float64; they enter the compiled step as inputs
   * `optimiser.<name>`, so nothing recompiles.
   */
  scalars(step: number): Readonly<Record<string, number>>;
  update(gradients: Tensors, context: TransformContext): TransformResult;
}

const noState = (): HostTensors => ({});
const noScalars = (): Readonly<Record<string, number>> => ({});

/** A transform without state or scalars. */
export function statelessTransform(update: GradientTransform['update']): GradientTransform {
  return { initialState: noState, scalars: noScalars, update };
}

/**
 * Joins transforms: the updates of each are the gradients of the next.
 *
 * @example
 * const sgd = chain(clipByGlobalNorm(1), scaleByLearningRate());
 */
export function chain(...transforms: readonly GradientTransform[]): GradientTransform {
  return {
    initialState: (parameters) =>
      Object.assign({}, ...transforms.map((transform) => transform.initialState(parameters))),
    scalars: (step) => Object.assign({}, ...transforms.map((transform) => transform.scalars(step))),
    update: (gradients, context) => {
      let updates = gradients;
      const state: Record<string, Tensors[string]> = {};
      const outputs: Record<string, Tensors[string]> = {};
      for (const transform of transforms) {
        const result = transform.update(updates, context);
        updates = result.updates;
        Object.assign(state, result.state);
        Object.assign(outputs, result.outputs);
      }
      return { updates, state, outputs };
    },
  };
}

/** Applies `transform` to every gradient with its name. */
export function mapTensors(
  tensors: Tensors,
  transform: (tensor: Tensors[string], name: string) => Tensors[string],
): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, transform(tensor, name)]));
}
