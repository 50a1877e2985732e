import util from 'node:util';

/**
 * Functions of `node:util` that tfjs-node 4.22 calls in every operation. Node 23 took the first away, and both are
 * deprecated, so that Node 22 prints a warning for them.
 */
const retired = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: Array.isArray,
};

/** Gives tfjs-node the functions of `node:util` that newer Nodes lack or warn of; where nothing is amiss, nothing is done. */
export function restoreRetiredUtilities(): void {
  if (Number(process.versions.node.split('.')[0]) >= 22) Object.assign(util, retired);
}
