/** What must be found nowhere but at the upstream. All of it is made up. */
export const secrets = {
  card: '4242424242424242',
  'card that is none': '4242424242424241',
  'other card': '5555555555554444',
  'security code': '8351',
  'bank account': '90817263544099',
  'routing number': '011401533',
  ssn: '912-55-4418',
  payor: 'Quillfeather',
  'idempotency key': 'canary-key-Qz7',
  'api key': 'canary-api-key-Xy1',
  pin: 'canary-pin-Zw3',
  token: 'canary-token-Vu5',
} as const;

/**
 * What an upstream says that repeats all that it knows. Names it knows from the request alone: others cannot be identified
 * from words.
 */
export const indiscretionOn = (body: unknown): string => {
  const { payor, ...numbers } = secrets;
  const names = JSON.stringify(body ?? '').includes(payor) ? [payor] : [];
  return `of ${[...Object.values(numbers), ...names].join(', ')}`;
};

const card = {
  type: 'Visa',
  number: secrets.card,
  securityCode: secrets['security code'],
  expirationMonth: 12,
  expirationYear: 2039,
};

const bankAccount = {
  type: 'Checking',
  accountNumber: secrets['bank account'],
  routingNumber: secrets['routing number'],
};

const payer = {
  payorName: `Jo ${secrets.payor} ${secrets.ssn}`,
  type: `Online ${secrets.ssn}`,
  status: `PENDING ${secrets.ssn}`,
  invoice: secrets.ssn,
};

const spaced = secrets['other card'].replace(/(.{4})(?!$)/g, '$1-');

const payment = { paymentDate: '2030-01-02', amount: '10.00' };

/** An input of each kind for each mutation; the key and the account come to it. */
export const inputs: readonly { readonly mutation: string; readonly input: object }[] = [
  { mutation: 'runPayment', input: payment },
  { mutation: 'recordPayment', input: { ...payment, ...payer, card } },
  { mutation: 'recordPayment', input: { ...payment, ...payer, bankAccount } },
  {
    mutation: 'createPaymentPlan',
    input: {
      ...payer,
      card: { ...card, number: spaced },
      installments: [{ amount: payment.amount, date: payment.paymentDate }],
    },
  },
  { mutation: 'updatePendingPayments', input: { ...payer, card, bankAccount } },
  { mutation: 'sendEmail', input: { template: 'First notice', updatePermissions: false } },
];

const capital = (field: string): string => field.slice(0, 1).toUpperCase() + field.slice(1);

export const documentOf = (mutation: string): string =>
  `mutation ($input: ${capital(mutation)}Input!) { ${mutation}(input: $input) {
    __typename
    ... on MutationError { code message }
    ... on InvalidInputError { fields { path message } }
    ... on RejectedError { reason }
    ... on OutcomeUnknownError { outcomeId whatToCheck }
    ${mutation === 'runPayment' ? '... on RunPaymentSuccess { result approvalCode }' : ''} } }`;

const document = documentOf('recordPayment');
const whole = {
  idempotencyKey: secrets['idempotency key'],
  fileNumber: 'R1001',
  ...payment,
  ...payer,
  card,
};

const withCard = (changes: object): string =>
  JSON.stringify({ query: document, variables: { input: { ...whole, card: { ...card, ...changes } } } });

/** Bodies of requests that cannot be used. */
export const invalidBodies: readonly string[] = [
  withCard({ number: secrets['card that is none'] }),
  withCard({ number: Number(secrets.card) }),
  withCard({ number: [secrets.card] }),
  withCard({ securityCode: `${secrets['security code']} ` }),
  withCard({ expirationMonth: secrets.card }),
  JSON.stringify({ query: document, variables: { input: { ...whole, card: secrets.card } } }),
  JSON.stringify({ query: document, variables: { input: { ...whole, bankAccount } } }),
  JSON.stringify({ query: document, variables: { input: { ...whole, fileNumber: `${secrets.ssn}!` } } }),
  JSON.stringify({ query: document, variables: { input: { ...whole, amount: secrets.card } } }),
  JSON.stringify({
    query: document,
    variables: { input: { ...whole, idempotencyKey: `${secrets['idempotency key']}ü` } },
  }),
  JSON.stringify({ query: document, variables: secrets.card }),
  JSON.stringify({ query: document, variables: { input: whole }, [secrets.card]: true }),
  JSON.stringify({
    query: `mutation { recordPayment(input: { idempotencyKey: "${secrets['idempotency key']}", card: { number: "${secrets.card}", securityCode: ${secrets['security code']} } }) { __typename } }`,
  }),
  JSON.stringify({ query: `mutation { recordPayment(input: "${secrets.card}") { __typename } }` }),
  JSON.stringify({ query: `{ account(fileNumber: "R1001") "${secrets.card}" }` }),
  JSON.stringify({ query: '{ __typename }', variables: {} }).slice(0, -1) + secrets.card,
  `{"query":"{ __typename }","variables":{"card":"${secrets.card}`,
  `card=${secrets.card}`,
  JSON.stringify({
    query: documentOf('runPayment').replace('paymentDate', ''),
    variables: {
      input: {
        ...payment,
        idempotencyKey: secrets['idempotency key'],
        fileNumber: 'R1',
        amount: secrets.ssn,
      },
    },
  }),
  JSON.stringify({
    query: `mutation { resolveOutcome(input: { outcomeId: "${secrets.card}", wasCarriedOut: true, approvalCode: "${secrets['bank account']}" })
      { __typename ... on InvalidInputError { message fields { path message } } } }`,
  }),
];
