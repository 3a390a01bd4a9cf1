/** Represents a text without the form of its kind. It does not contain the text, which may be an SSN. */
export class Malformed {
  /** The accepted form, as in "expected …". */
  readonly expected: string;

  constructor(expected: string) {
    this.expected = expected;
  }
}

/** Represents a phone number with an extension: malformed wherever an extension is not supported. */
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
