import type { Graph } from '../graph/graph.ts';
import { arithmeticRules } from './arithmetic-rules.ts';
import { foldFills } from './constant-rules.ts';
import { removeDeadNodes, rewriteGraph } from './graph-builder.ts';
import { productRules } from './product-rules.ts';
import { shapeRules } from './shape-rules.ts';

const rules = [...shapeRules, foldFills, ...arithmeticRules, ...productRules];

/**
 * Simplifies a traced graph without changing what it computes (beyond float rounding): equal nodes merge, constants
 * fold, identities and needless moves disappear, transposes and factors move into matrix products, dead nodes go.
 */
export function simplify(graph: Graph): Graph {
  let current = removeDeadNodes(graph);
  // A rewrite can expose another (a merged node loses a reader); the count falls until nothing changes.
  for (;;) {
    const next = rewriteGraph(current, rules);
    if (next.nodes.length >= current.nodes.length) return next;
    current = next;
  }
}
