import type { Backend } from '@patchbert/backend';
import type { ForecastData } from '@patchbert/forecast';
import { pretrain } from '@patchbert/train';

/** Pretrains with the defaults on the training rows, into `folder`; returns the seconds it took. */
export async function pretrained(
  backend: Backend,
  source: string,
  data: ForecastData,
  seed: number,
  folder: string,
): Promise<number> {
  const began = performance.now();
  await pretrain({ config: { data: { source }, seed }, data, backend, runFolder: folder });
  return (performance.now() - began) / 1000;
}
