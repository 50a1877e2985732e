import type { Backend } from '@patchbert/backend';
import { shellWord } from '@patchbert/command-line';
import { type PretrainConfig, pretrain } from '@patchbert/train';
import type { SplitData } from '../source/open-source.ts';
import { interrupted } from './interrupted.ts';
import type { Session } from './session.ts';

/**
 * Pretrains an encoder on the rows a forecaster may learn from, into `runFolder`.
 *
 * @throws PatchBertError `finetune/interrupted` when it was stopped; what is done is saved.
 */
export async function pretrainFirst(
  config: PretrainConfig,
  data: SplitData,
  backend: Backend,
  runFolder: string,
  session: Session,
): Promise<void> {
  const { status } = await pretrain({
    config,
    data,
    backend,
    runFolder,
    command: session.command,
    signal: session.interrupt.signal,
    onEvent: (event) => session.onEvent({ type: 'pretraining', event }),
  });
  if (status === 'finished') return;
  const again = backend.module === undefined ? '' : ` --backend ${shellWord(backend.module)}`;
  throw interrupted(
    `the pretraining is saved; "patchbert-pretrain --resume ${shellWord(runFolder)}${again}" goes on with it.`,
  );
}
