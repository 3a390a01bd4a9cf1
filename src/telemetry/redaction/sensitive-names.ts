// Names are compared without case and separators. Some endings also end harmless words, such as `wildcard`, `timespan`
// and `spin`.
const sensitiveEnd = new RegExp(
  `(?:${[
    'ssn',
    'socialsecurity(?:number|num|no)?',
    '(?<!dis|wild|post|score)card',
    '(?:card|cc)(?:number|num|no)',
    'cardcode',
    'ccn',
    '(?<!s|ja|zi|tre)pan',
    'cvv',
    'cvc',
    'csc',
    '(?:security|verification)code',
    '(?:account|acct|routing|licen[sc]e)(?:number|num|no)',
    'bankaccount',
    'iban',
    'pass(?:word|wd|phrase|code)',
    'pwd',
    '(?<!s|under|king|hair|push)pin',
    '(?:api|access|private|store|signing|encryption|gateway|idempotency)key',
    'token',
    'jwt',
    'auth(?:orization)?',
    'cookie',
    'secret',
    'credential',
    'dateofbirth',
    'birth(?:date|day)',
    'dob',
    'sessionid',
    '(?:first|last|middle|full|maiden)name',
  ].join('|')})s?$`,
);

/** Sensitive anywhere in a name. */
const sensitiveAnywhere = /password|passwd|socialsecurity|cardnumber|securitycode|routingnumber|apikey/;

const decide = (name: string): boolean => {
  const letters = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/\d+$/, '');
  return sensitiveEnd.test(letters) || sensitiveAnywhere.test(letters);
};

// Only short names without digits are cached, up to a maximum: other names may contain data of clients.
const longest = 100;
const most = 2000;
const decided = new Map<string, boolean>();

/** Whether values with this name are always redacted, such as `cardNumber`, `SSN` or `x-api-key`. */
export const isSensitiveName = (name: string): boolean => {
  const known = decided.get(name);
  if (known !== undefined) return known;
  const isSensitive = decide(name.slice(-longest));
  if (decided.size < most && /^\D{1,100}$/.test(name)) decided.set(name, isSensitive);
  return isSensitive;
};
