import type { MethodResult } from '../evaluate/method-result.ts';

/** What a fit tells about itself while it runs. */
export type FitEvent =
  | { readonly type: 'prepared'; readonly text: string }
  | { readonly type: 'stage'; readonly text: string }
  | { readonly type: 'progress'; readonly what: string; readonly done: number; readonly total: number }
  | {
      readonly type: 'step';
      readonly what: string;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
    }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'result'; readonly results: readonly MethodResult[] };
