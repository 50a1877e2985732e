/** Exit codes of the programs, so that scripts can tell the cases apart. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  diverged: 3,
  interrupted: 130,
  terminated: 143,
} as const;
