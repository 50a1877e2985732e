import { deriveKey, randomKey, uniforms } from '@patchbert/random';

/** When to kill a process. */
export type KillPlan =
  /** So long after it was started: often before it trains. */
  | { readonly aim: 'start'; readonly milliseconds: number }
  /** So long after its first step. */
  | { readonly aim: 'training'; readonly milliseconds: number }
  /** So long after the folder aside of its save with this number appeared. */
  | { readonly aim: 'save'; readonly save: number; readonly milliseconds: number };

const startShare = 0.1;
const trainingShare = 0.4;

/** The plan of the kill with this number: a tenth early on, four tenths at any time, five tenths into a save. */
export function planKill(seed: number, number: number): KillPlan {
  const [kind, when, which] = uniforms(deriveKey(randomKey(seed), 'kill', number), 3) as unknown as [
    number,
    number,
    number,
  ];
  if (kind < startShare) return { aim: 'start', milliseconds: 1500 * when };
  if (kind < startShare + trainingShare) return { aim: 'training', milliseconds: 500 * when };
  return { aim: 'save', save: 1 + Math.floor(12 * which), milliseconds: 8 * when };
}
