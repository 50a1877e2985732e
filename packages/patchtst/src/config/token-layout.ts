import { type PatchLayout, patchLayout } from '@patchbert/ops';
import type { PatchTSTConfig } from './patchtst-config.ts';

/** How a series is cut: `N = floor((L - P) / S) + 1` patches that end with the last point; the oldest points that fill none are dropped. */
export function seriesLayout(
  config: Pick<PatchTSTConfig, 'contextLength' | 'patchLength' | 'patchStride'>,
): PatchLayout {
  const { contextLength, patchLength, patchStride } = config;
  return patchLayout({ contextLength, patchLength, patchStride });
}

/** T, tokens of a series: its patches and, before them, the class token where there is one. */
export function tokenCount(config: PatchTSTConfig): number {
  return seriesLayout(config).patchCount + Number(config.classToken);
}

/** Numbers of which a head makes its output: of one series for `pretrain` (per token) and `forecast`, of all channels otherwise. */
export function headInputWidth(config: PatchTSTConfig): number {
  const { task, width, channels, classToken, pooling } = config;
  if (task === 'classify' || task === 'regress') return channels * width;
  const readsEveryToken = task === 'forecast' && !classToken && pooling === 'none';
  return readsEveryToken ? seriesLayout(config).patchCount * width : width;
}

/** Numbers that a head gives for each thing it reads; 0 without a head. */
export function headOutputWidth({ task, patchLength, horizon, targets }: PatchTSTConfig): number {
  return { pretrain: patchLength, forecast: horizon, classify: targets, regress: targets, encode: 0 }[task];
}
