import { describeOnnxWebgpu } from '../onnx-webgpu-suite.ts';

describeOnnxWebgpu('a page', /webgpu, .*\) does not run the tfjs kernel "Slice" of int32 \[4\]/);
