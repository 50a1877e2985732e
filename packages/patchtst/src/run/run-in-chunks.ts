import type { Program } from '@patchbert/backend';
import { elementCount, float32Tensor, type HostTensor, type HostTensors } from '@patchbert/ops';

/**
 * Runs a program compiled for `size` samples on any number of them: chunk by chunk, the last one filled up with zeros that nothing
 * depends on.
 *
 * @param batch entries whose first axis counts samples.
 */
export async function runInChunks(program: Program, batch: HostTensors, size: number): Promise<HostTensors> {
  const count = Object.values(batch)[0]!.shape[0]!;
  const parts: HostTensors[] = [];
  for (let start = 0; start < count; start += size) {
    const chunk = mapped(batch, (tensor) => rowsOf(tensor, start, size));
    parts.push(await program.run(chunk));
  }
  return mapped(parts[0]!, (_, name) =>
    joined(
      parts.map((part) => part[name]!),
      count,
    ),
  );
}

/** `size` samples from `start`, zeros beyond the end. */
function rowsOf({ data, shape }: HostTensor, start: number, size: number): HostTensor {
  const width = elementCount(shape.slice(1));
  const rows = new Float32Array(size * width);
  rows.set(data.subarray(start * width, (start + size) * width));
  return float32Tensor(rows, [size, ...shape.slice(1)]);
}

function joined(parts: readonly HostTensor[], count: number): HostTensor {
  const shape = parts[0]!.shape.slice(1);
  const width = elementCount(shape);
  const values = new Float32Array(count * width);
  let at = 0;
  for (const { data } of parts) {
    const wanted = data.subarray(0, Math.min(data.length, values.length - at));
    values.set(wanted, at);
    at += wanted.length;
  }
  return float32Tensor(values, [count, ...shape]);
}

function mapped(tensors: HostTensors, change: (tensor: HostTensor, name: string) => HostTensor): HostTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]));
}
