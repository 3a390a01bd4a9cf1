/** Stands for a text that is not in the form of its kind. It does not hold the text, which may be anybody's SSN. */
export class Malformed {
  /** The accepted form, as in "expected …". */
  readonly expected: string;

  constructor(expected: string) {
    this.expected = expected;
  }
}
