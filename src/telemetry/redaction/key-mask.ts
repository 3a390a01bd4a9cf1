import { formatOf } from './value-format.ts';

/** Words of which keys of both systems, and of systems like them, consist. None of them is a name of a person. */
const schemaWords = `
access account active activity actual address agency agent alert alternate amount api app application approval area
arrangement asset assigned assignment attempt attorney authorization auto automatic available average balance bank
bankruptcy base batch begin billing birth body borrower branch broken bureau business call callback campaign cancel
cancelled canceled card case category cell charge check city class clear client close closed code codebtor collateral
collection collector color comment commission committed company complete completed condition consent contact content
contract cost count country county court created creator credit creditor currency current custom customer data date
day days dead debt debtor deceased default deleted delinquent delivery department deposit description desk detail
device direct disabled discount dispatch display disposition dispute dob document down driver due duration email
employer employee enabled end entry error exception expiration expires expiry extension external extra fail failed
failure fax fee field file filter final first fixme flag follow format found fraud from frequency full future gender
general generation group guarantor hidden high history hold holder home hour house identification identifier image
inactive income index info information initial insert insurance interest internal international invoice item job
joint judgement judgment key kind label landline language last late latitude law ledger legal letter level license
lien lienholder limit line link list loan local location lock locked log login longitude lot low mail main make
manager maturity max maximum member memo merchant message meta method middle mileage military min minimum minute
mobile mode model modified month monthly name next note notes notice number object occupation offer office officer
old opened operator opt option order original other outcome owed owner page paid parent part partial party password
past path payment pending percent permission person phone photo place placed placement plan plate platform policy
portfolio position post postal posted preferred prev previous primary principal priority private process processed
product profile program promise property provider public purchase queue quantity range rate rating raw reason
received receipt recent record reference refund region registration relation relationship release remaining remark
renewal rent report request required resolution response result retail return review role route row salary sale
score search second secondary section security sent sequence serial service session settlement sex shared short
signature size skip social sort source spanish special spouse stage standing start state statement status step
street string sub subject sum summary suspended system table tag task tax team telephone template term text third
ticket tier time timestamp title token total town trace transaction transfer trim type unit unpaid unsubscribed
update updated url usage use user username valid validated value vehicle vendor verified version view violent
warning web week weekly work year yearly zip zone
`;

/** Parts of keys that are words only next to a longer one: alone, a few letters could begin or end a name. */
const shortWords = new Set([
  'id',
  'ids',
  'no',
  'num',
  'is',
  'has',
  'at',
  'by',
  'of',
  'to',
  'on',
  'in',
  'vin',
  'ssn',
]);

const wordsIn = (key: string): string[] =>
  key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');

/** Keys longer than this are data: no documented key is. */
const longestKey = 48;

/** Digits in a key number its repetitions, as in `phone15`: more of them are a number of something. */
const mostDigits = 2;

/**
 * Masks keys that are not documented, unless they consist of words of schemas: a map may have names, numbers or
 * addresses as its keys, and no form distinguishes the name of a person from that of a field.
 */
export interface KeyMask {
  /** Returns a key as it may be shown: itself, or its form in braces. */
  shown(key: string): string;
  /**
   * Returns the keys of one object as they may be shown. If one is masked and none is documented, all are masked: the
   * object is a map, and a person may be called Page.
   */
  shownAll(keys: readonly string[]): string[];
  /** Whether a key is shown as it is. */
  isShown(key: string): boolean;
}

/** @param documented the keys that are documented, which are always shown. */
export const createKeyMask = (documented: Iterable<string>): KeyMask => {
  const known = new Set(documented);
  const words = new Set(schemaWords.split(/\s+/).filter((word) => word !== ''));
  const short = new Set([...shortWords]);
  const lone = new Set([...short, ...[...known].flatMap(wordsIn)]);

  /** Whether a text is a row of words. At least one of them is a long one. */
  const isRowOfWords = (text: string, hasLong = false): boolean => {
    if (text === '') return hasLong;
    for (let end = text.length; end >= 2; end -= 1) {
      const part = text.slice(0, end);
      const isLong = words.has(part) || (part.endsWith('s') && words.has(part.slice(0, -1)));
      if ((isLong || short.has(part)) && isRowOfWords(text.slice(end), hasLong || isLong)) return true;
    }
    return false;
  };

  const isShown = (key: string): boolean => {
    if (known.has(key)) return true;
    if (key.length > longestKey || !/^[\w .-]*[a-z][\w .-]*$/i.test(key)) return false;
    if (key.replace(/\D/g, '').length > mostDigits) return false;
    return wordsIn(key).every((word) => lone.has(word) || isRowOfWords(word));
  };

  const masked = (key: string): string => `{${formatOf(key)}}`;

  const shown = (key: string): string => (isShown(key) ? key : masked(key));

  return {
    isShown,
    shown,
    shownAll: (keys) => {
      const isMap = !keys.some((key) => known.has(key)) && !keys.every(isShown);
      return keys.map(isMap ? masked : shown);
    },
  };
};
