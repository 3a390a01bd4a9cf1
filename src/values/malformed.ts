/** Stands for a text that is not in the form of its kind. It does not hold the text, which may be anybody's SSN. */
export class Malformed {
  /** The accepted form, as in "expected …". */
  readonly expected: string;

  constructor(expected: string) {
    this.expected = expected;
  }
}

/** Stands for a phone number that is typed with an extension: malformed for all that has no place for one. */
export class ExtendedNumber extends Malformed {
  /** In E.164. */
  readonly number: string;
  /** Its digits. */
  readonly extension: string;

  constructor(expected: string, number: string, extension: string) {
    super(expected);
    this.number = number;
    this.extension = extension;
  }
}
