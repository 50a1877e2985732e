export { onnxCpu } from './onnx-cpu.ts';
