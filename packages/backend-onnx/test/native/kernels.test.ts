import { onnxWebgpu } from '@patchbert/backend-onnx';
import { describeKernels, WEBGPU_TRIGONOMETRY } from '../kernel-suite.ts';

describeKernels(onnxWebgpu, { trigonometry: WEBGPU_TRIGONOMETRY, without: ['IsNan'] });
