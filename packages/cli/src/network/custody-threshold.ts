/** How many of n custodians open: the smallest number that is more than two thirds, so that those who open are more than those who may be faulty twice. */
export function custodyThreshold(custodians: number): number {
  return Math.floor((2 * custodians) / 3) + 1;
}
