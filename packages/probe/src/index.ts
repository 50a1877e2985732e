export type { FeatureMatrix } from './linear/feature-matrix.ts';
export { applyLinear, type LinearModel } from './linear/linear-model.ts';
export { type Standardised, standardise } from './linear/standardise.ts';
export {
  chooseLogisticPenalty,
  type LogisticPenalty,
  type LogisticPenaltyOptions,
} from './logistic/choose-logistic-penalty.ts';
export {
  fitLogisticRegression,
  type LogisticOptions,
  type LogisticRegression,
} from './logistic/fit-logistic-regression.ts';
export {
  fitRidgeClassifier,
  type RidgeClassifier,
  type RidgeClassifierOptions,
} from './ridge/fit-ridge-classifier.ts';
export {
  fitRidgeRegressor,
  type RidgeRegressor,
  type RidgeRegressorOptions,
} from './ridge/fit-ridge-regressor.ts';
