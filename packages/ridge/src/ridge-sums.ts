/**
 * What ridge regression needs to know of any number of rows: weighted sums of products. F features, the last of which is
 * the constant 1, and H targets.
 */
export interface RidgeSums {
  /** F, the constant included. */
  readonly features: number;
  /** H. */
  readonly targets: number;
  /** `[F * F]`: sum of w * x x'. */
  readonly gram: Float32Array;
  /** `[F * H]`: sum of w * x y'. */
  readonly cross: Float32Array;
  /** `[H]`: sum of w * y^2. */
  readonly squares: Float64Array;
  /** Sum of w. */
  readonly weight: number;
  /** Rows with a weight above 0. */
  readonly rows: number;
}
