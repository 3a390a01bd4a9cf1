/** A response other than success, thrown to end the request. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    body: Readonly<{ message: string } & Record<string, unknown>>,
    headers: Record<string, string> = {},
  ) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** The response of Laravel for a missing model: the message contains its class. */
export const noSuch = (model: 'Order' | 'Borrower' | 'Phone' | 'Assignment' | 'Photo', id: string): Refusal =>
  new Refusal(404, { message: `No query results for model [App\\${model}] ${id}` });

export const unauthenticated = (): Refusal => new Refusal(401, { message: 'Unauthenticated.' });

export const wrongCredentials = (): Refusal =>
  new Refusal(401, { message: 'The user credentials were incorrect.' });

export const unauthorized = (): Refusal => new Refusal(403, { message: 'This action is unauthorized.' });

/** @param errors the errors of each key of the body, its parts joined by dots. */
export const invalidData = (errors: Readonly<Record<string, readonly string[]>>): Refusal =>
  new Refusal(422, { message: 'The given data was invalid.', errors });

const release = '/var/www/mobile_dev/releases/20210210171746';

/** The description of a resource without a class, including server paths. */
export const fixme = (version: string, action: string, line: number) => ({
  fixme: {
    message: 'GenericResource: create specific resource object',
    source: {
      file: `${release}/versions/${version}/app/Http/Controllers/Api/Mixins/Actions/${action}.php`,
      line,
      function: '__construct',
      class: 'App\\Http\\Resources\\GenericResource',
      type: '->',
    },
  },
});

/** The response to an uncaught exception in debug mode: the operation was executed, but has no response. */
export const uncaughtException = (): Refusal =>
  new Refusal(500, {
    message: 'Call to a member function toArray() on null',
    exception: 'Error',
    file: `${release}/app/Http/Resources/GenericResource.php`,
    line: 58,
    trace: [
      {
        file: `${release}/vendor/laravel/framework/src/Illuminate/Http/Resources/Json/JsonResource.php`,
        line: 95,
        function: 'toArray',
        class: 'App\\Http\\Resources\\GenericResource',
        type: '->',
      },
    ],
  });

export const tooManyAttempts = (retryAfterSeconds: number): Refusal =>
  new Refusal(
    429,
    { message: 'Too Many Attempts.' },
    {
      'retry-after': String(retryAfterSeconds),
      'x-ratelimit-limit': '60',
      'x-ratelimit-remaining': '0',
    },
  );
