/** Returns the first of the documented rows of an operation. */
export const firstOf = <Row>([first]: readonly Row[]): Row => {
  if (first === undefined) throw new Error('A fixture has no row.');
  return first;
};
