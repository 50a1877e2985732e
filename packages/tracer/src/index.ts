export type {
  Attribute,
  Attributes,
  Constant,
  Graph,
  GraphNode,
  Value,
  ValueSpec,
  ValueType,
} from './graph/graph.ts';
export { tracedKernelNames } from './kernels/index.ts';
export { type GraphBuilder, type RewriteRule, rewriteGraph } from './passes/graph-builder.ts';
export { simplify } from './passes/simplify.ts';
export { type TraceableFunction, type TraceOptions, trace } from './recording/trace.ts';
export { UntraceableKernelError } from './recording/untraceable-kernel-error.ts';
