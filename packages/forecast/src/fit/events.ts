import type { HorizonResult } from '../evaluate/horizon-result.ts';

/** What a fit tells about itself while it runs. */
export type ForecastEvent =
  | { readonly type: 'prepared'; readonly text: string }
  | { readonly type: 'stage'; readonly text: string }
  | { readonly type: 'progress'; readonly what: string; readonly done: number; readonly total: number }
  | {
      readonly type: 'step';
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly what: string;
    }
  | { readonly type: 'validation'; readonly step: number; readonly error: number; readonly best: boolean }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'result'; readonly result: HorizonResult };
