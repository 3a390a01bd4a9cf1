/**
 * Jain's fairness index: 1 if all values are equal, 1/n if one of n has everything.
 *
 * @param values not negative.
 */
export const jainIndex = (values: readonly number[]): number => {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
};
