/** The answer that the rows came from has broken off, and another one may come. */
export class ResponseAbortedError extends Error {
  constructor() {
    super('The answer broke off.');
    this.name = 'BrokenOffError';
  }
}
