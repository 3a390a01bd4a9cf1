const notShown = '…';
const longest = 200;

/**
 * The words of upstream explanations, from their documents, payment processors and Laravel.
 *
 * None of them is a name.
 */
const vocabulary = new Set(
  `a about above accept accepted access account accounts action active address after again allowed already also amount
  an and another any api apply approval approved are array as assigned assignment at attempt authorization available
  balance bank bankruptcy be because been before below between blank blocked body borrower borrowers both boolean but
  by call callback cannot can can't card cards case cases characters charge charged check choice city client closed code collateral
  collaterals column company confirm contact could country create created credentials credit customer cvv daily data
  database date day days dbase debit debtor declined deleted denied digits disabled do does doesn't don't draft due
  duplicate duplicated e-mail each either email empty enabled enough entry error errors exceed exceeded exceeds exist
  existing exists expiration expired expiry external failed failure false field fields file filenumber final firstname
  flagged for format found fraud from full funds future general generic get given greater hard has have higher held
  hold holder honor id identification if image in inactive incomplete incorrect info information input insert inserted
  insufficient integer internal into invalid invoice is issuer it item items json key last lastname later least length
  less letter letters lienholder limit limits list load locked log login lost lower many match maximum message method
  minimum mismatch missing month more must name need needs network no none not note nsf null number numbers of off on
  one only open operation or order orders other out over owner paid parameter parameters party past payment payments
  pending per permission permissions phone phones photo photos picked pin plan please portfolio posted present
  previously prior processed processing processor proper provide provided provider reached reason received record
  recorded records refused rejected repeated request required requires reset response restricted result retry
  routing row rows rule same saved security selected send sent service settlement should some sorry specified ssn
  state status still stolen stop store string subscriber subscribers success suspected suspended system table
  task template text texts than that the there this time times to today token too transaction transactions transfer
  true try two type types unable unavailable unauthorized under unknown unsupported until update updated upload use
  used user valid validate validation value values vehicle verification verified verify vin wait was when which while
  with without writable wrong year yes yet you your zero zip approves
  approving partial partially review reviewed reviewing voided void voids reversed reversal refund refunded returned
  reopened cancelled canceled cancellation suspicious retained recipient recipients bounced bounce unsubscribed
  opted mailbox spam suppressed undeliverable delivered delivery unverified manual manually decision referral refer
  ach acquirer activity adjusted adjustment allowable alternate approvals attorney attempted authentication authenticated
  authorize authorized avs bankrupt batch blacklisted carrier cardholder ceased cease chargeback charges checking
  collection complaint complaints compliance configured consent consented count cutoff cvc cvn deactivated deceased
  deferred delayed deposit desist disconnected dispute disputed dnc dnd eligible encoded exceeding expires failing
  filtered flag frozen gateway handset hardship honored inbox incorrectly ineligible initiated installment installments
  insufficiently invalidated issued issuing landline late legal license limitations liquidated malfunction merchant mismatched
  mobile monthly negative nonsufficient offline opt optout originated outstanding overdraft overdue paused permitted
  prepaid principal prohibited purchase queue queued quota rate recurring re-enter reactivated released remaining
  represented required requires resubmit retries retrying returns revoked scheduled scheduling settled settlements
  sending skipped statute stopped subject submitted submission terminal timeout timed transmission transmitted tries
  unauthorised undelivered unpaid unprocessed unreachable unsubscribe unsuccessful velocity violation warned warning
  weekly withdrawal withdrawn workflow`.split(/\s+/),
);

const isWord = (word: string): boolean => vocabulary.has(word.toLowerCase().replaceAll('’', "'"));

/** Underscores and dots join words to field names of an upstream, as in `borrowers.0.lastname`. */
const isShown = (token: string): boolean => {
  if (isWord(token)) return true;
  const parts = token.split(/[_./-]+/).filter((part) => part !== '');
  // A list index is between two names. Consecutive groups of digits could be a personal number.
  const isPlace = (index: number) =>
    /^\d{1,2}$/.test(parts[index] ?? '') && isWord(parts[index - 1] ?? '') && isWord(parts[index + 1] ?? '');
  return parts.length > 0 && parts.every((part, index) => isWord(part) || isPlace(index));
};

/** The number of an order, alone or as the company counts it (`1081-1`). Nine digits may be an SSN, ten a phone. */
const orderNumber = /^(?:\d{1,6}-\d{1,2}|\d{1,8})$/;

/** Words between `order` and its number. */
const numberWords: ReadonlySet<string> = new Set(['id', 'no', 'number']);

/**
 * Whether the token at an index is an order number: directly after the word, and no group of a longer number.
 *
 * @param tokens words, each followed by its separator.
 */
const isOrderNumber = (tokens: readonly string[], index: number): boolean => {
  const before = (words: number): string =>
    (tokens[index - 2 * words] ?? '').replace(/\.$/, '').toLowerCase();
  const owner = numberWords.has(before(1)) ? 2 : 1;
  const separators = [tokens[index - 1], owner === 2 ? tokens[index - 3] : ' '];
  return (
    before(owner) === 'order' &&
    separators.every((one) => /^\s*[#:]?\s*$/.test(one ?? '')) &&
    !/^[\p{N}_.-]/u.test(tokens[index + 2] ?? '') &&
    orderNumber.test((tokens[index] ?? '').replace(/\.$/, ''))
  );
};

/**
 * Removes personal data from the reason for which an upstream declined: it may repeat the input, as in "SSN of
 * 111-22-333 not found", or describe the account holder.
 *
 * Personal data cannot be recognized reliably, so only known words remain, and the number of an order, which the caller
 * has sent or may read.
 *
 * @returns `null` if nothing meaningful remains.
 */
export const cleanReason = (text: string | undefined): string | null => {
  const shown = (text ?? '')
    .slice(0, 10 * longest)
    .normalize('NFKC')
    .split(/([^\p{L}\p{M}\p{N}_.'’/@\\-]+)/u)
    .map((token, index, tokens) => {
      if (index % 2 === 1) return token.replace(/[^\s.,:;!?()]/gu, ' ');
      const [, word = '', end = ''] = /^(.*?)(\.*)$/s.exec(token) ?? [];
      return word === '' || isShown(word) || isOrderNumber(tokens, index) ? token : `${notShown}${end}`;
    })
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/…(?:[ ,;:.()]*…)+/g, notShown)
    .trim();
  if (!/\p{L}{2}/u.test(shown)) return null;
  return shown.length > longest ? `${shown.slice(0, longest - 1).trimEnd()}${notShown}` : shown;
};
