import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const PROCESSORS = '/sys/devices/system/cpu';

/**
 * Number of physical cores this process may use, or undefined where the system does not tell (anything but Linux): then
 * ONNX Runtime finds out by itself.
 */
export function physicalCores(): number | undefined {
  try {
    const processors = readdirSync(PROCESSORS).filter((name) => /^cpu\d+$/.test(name));
    const siblings = processors.map((name) =>
      readFileSync(`${PROCESSORS}/${name}/topology/thread_siblings_list`, 'utf8').trim(),
    );
    return Math.min(new Set(siblings).size, availableParallelism());
  } catch {
    return undefined;
  }
}
