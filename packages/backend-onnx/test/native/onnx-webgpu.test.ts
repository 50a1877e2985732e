import { describeOnnxWebgpu } from '../onnx-webgpu-suite.ts';

describeOnnxWebgpu('Node', /webgpu, Vulkan\) does not run the tfjs kernel "Slice" of int32 \[4\]/);
