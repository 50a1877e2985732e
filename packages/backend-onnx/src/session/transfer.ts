import { IDENTITY_INPUT, IDENTITY_OUTPUT, identityModel } from '@patchbert/onnx';
import type { HostTensor } from '@patchbert/ops';
import type * as ort from 'onnxruntime-common';
import { toHostTensor, toOnnxTensor } from './host-tensor.ts';
import type { OnnxRuntime, OnnxSession } from './onnx-engine.ts';
import type { Transfer } from './returned-state.ts';

/** Copies on the host. */
export function hostTransfer({ Tensor }: OnnxRuntime): Transfer {
  return {
    upload: async (tensor) => toOnnxTensor(Tensor, { ...tensor, data: tensor.data.slice() } as HostTensor),
    async download(tensor) {
      const host = toHostTensor(tensor);
      return { ...host, data: host.data.slice() } as HostTensor;
    },
  };
}

/** Copies to a device and back, and the sessions that do it. */
export interface DeviceTransfer extends Transfer {
  release(): Promise<void>;
}

/**
 * Copies by models of one `Identity`, whose input or output is on the device: onnxruntime-node has no other way (its tensors
 * on a device have no working `getData`), and it is the same in a page. Sessions are opened when they are first needed.
 */
export function deviceTransfer(runtime: OnnxRuntime): DeviceTransfer {
  const sessions = new Map<string, Promise<OnnxSession>>();
  const session = (dtype: HostTensor['dtype'], direction: 'up' | 'down') => {
    const key = `${dtype} ${direction}`;
    const opening =
      sessions.get(key) ??
      runtime.createSession(identityModel(dtype), direction === 'up' ? [IDENTITY_OUTPUT] : []);
    sessions.set(key, opening);
    return opening;
  };
  const copy = async (tensor: ort.Tensor, direction: 'up' | 'down'): Promise<ort.Tensor> => {
    const results = await (await session(tensor.type as HostTensor['dtype'], direction)).run(
      { [IDENTITY_INPUT]: tensor },
      { [IDENTITY_OUTPUT]: null },
    );
    return results[IDENTITY_OUTPUT] as ort.Tensor;
  };
  return {
    upload: (tensor) => copy(toOnnxTensor(runtime.Tensor, tensor), 'up'),
    download: async (tensor) => toHostTensor(await copy(tensor, 'down')),
    async release() {
      for (const opening of sessions.values()) await (await opening).release();
    },
  };
}
