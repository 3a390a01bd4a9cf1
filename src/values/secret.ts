import { inspect } from 'node:util';

const notShown = '(secret)';

/** A value that is passed on and never shown: it is not in any text, log or JSON that its holder ends up in. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that needs it. */
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

/** The digits printed on a card, which must not be kept in any form once the card was charged. */
export class SecurityCode extends Secret {}
