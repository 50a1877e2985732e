/**
 * What an error of ONNX Runtime says, in one line without the place in its sources:
 * `/onnxruntime_src/….cc:136 … was false. Failed to get a WebGPU adapter` becomes `Failed to get a WebGPU adapter`.
 */
export function plainReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.trim().split('\n')[0]!;
  return line.slice(line.lastIndexOf(' was false. ') + 1).replace(/^was false\. /, '');
}
