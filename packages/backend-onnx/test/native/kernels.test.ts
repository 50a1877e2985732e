import { onnxWebgpu } from '@patchbert/backend-onnx';
import { describeKernels, WEBGPU_TRIGONOMETRY } from '../kernel-suite.ts';

describeKernels(onnxWebgpu, WEBGPU_TRIGONOMETRY);
