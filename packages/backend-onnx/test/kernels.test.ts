import { onnxCpu } from '@patchbert/backend-onnx';
import { describeKernels } from './kernel-suite.ts';

describeKernels(onnxCpu);
