/** An answer that is no success. Thrown, it ends the handling of a request. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<{ message: string } & Record<string, unknown>>) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** What Laravel answers when a model is not found: the message names its class. */
export const noSuch = (model: 'Order' | 'Borrower' | 'Phone' | 'Assignment' | 'Photo', id: string): Refusal =>
  new Refusal(404, { message: `No query results for model [App\\${model}] ${id}` });

export const unauthenticated = (): Refusal => new Refusal(401, { message: 'Unauthenticated.' });

export const unauthorized = (): Refusal => new Refusal(403, { message: 'This action is unauthorized.' });

/** @param errors the complaints about each key of the body, its parts joined by dots. */
export const invalidData = (errors: Readonly<Record<string, readonly string[]>>): Refusal =>
  new Refusal(422, { message: 'The given data was invalid.', errors });

/** What a resource that nobody has written a class for says of itself, server paths included. */
export const fixme = (version: string, action: string, line: number) => ({
  fixme: {
    message: 'GenericResource: create specific resource object',
    source: {
      file: `/var/www/mobile_dev/releases/20210210171746/versions/${version}/app/Http/Controllers/Api/Mixins/Actions/${action}.php`,
      line,
      function: '__construct',
      class: 'App\\Http\\Resources\\GenericResource',
      type: '->',
    },
  },
});
