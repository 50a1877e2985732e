export { fitRidge } from './fit-ridge.ts';
export { type GatherSumsOptions, gatherSums, type SumsGatherer } from './gather-sums.ts';
export { type RidgeScorer, ridgeScorer } from './ridge-scorer.ts';
export { type RidgeSolver, ridgeSolver } from './ridge-solver.ts';
export type { RidgeSums } from './ridge-sums.ts';
export {
  type PenaltyRange,
  type PenaltySearch,
  type PenaltyTrial,
  searchPenalty,
} from './search-penalty.ts';
