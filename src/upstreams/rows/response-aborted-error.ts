/** The response that contained the rows was aborted. A retry may follow. */
export class ResponseAbortedError extends Error {
  constructor() {
    super('The response was aborted.');
    this.name = 'BrokenOffError';
  }
}
