import { inspect } from 'node:util';

const notShown = '(secret)';

/** A secret value. It does not appear in any text, log or JSON that contains its object. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Returns the value, for the one use that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return notShown;
  }

  toJSON(): string {
    return notShown;
  }

  [inspect.custom](): string {
    return notShown;
  }
}

/** A card security code, which must not be stored in any form after the charge. */
export class SecurityCode extends Secret {}
