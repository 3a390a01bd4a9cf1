import type { GraphQLInputObjectType } from 'graphql';
import { filled, type Leaf, leavesOf, type MutationUnderTest, mutations, waysToFill } from './input-types.ts';
import { validValue } from './leaf-values.ts';

const isOfCard = ({ type }: Leaf): boolean => ['CardNumber', 'SecurityCode'].includes(type.name);

const isOfBankAccount = ({ name }: Leaf): boolean => /^(?:accountNumber|routingNumber)$/.test(name);

/** A valid input of a mutation that takes a card or an account at a bank, and what of it is shown nowhere. */
export interface Paying extends MutationUnderTest {
  readonly input: object;
  readonly secrets: readonly string[];
}

const waysToPay = (type: GraphQLInputObjectType): object[] =>
  waysToFill(type).map((without) => Object(filled(type, validValue, without)));

/** Each way to pay of each mutation that takes one. */
export const paying: readonly Paying[] = mutations.flatMap((mutation) =>
  waysToPay(mutation.type).flatMap((input) => {
    const leaves = leavesOf(mutation.type, input);
    const isPaying = leaves.some(({ path }) => path.includes('card') || path.includes('bankAccount'));
    const secrets = leaves.filter((leaf) => isOfCard(leaf) || isOfBankAccount(leaf));
    return isPaying ? [{ ...mutation, input, secrets: secrets.map((leaf) => String(validValue(leaf))) }] : [];
  }),
);

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Finds digits in whichever groups they stand; a code, which has few, only where it stands alone. */
const inAnyForm = (digits: string): RegExp =>
  digits.length < 9 ? new RegExp(`(?<!\\w)${digits}(?!\\w)`) : new RegExp([...digits].join('[\\W_]*'));

/** Which of the secrets stand in a text. */
export const secretsIn = (text: string, secrets: readonly string[]): string[] => {
  const searched = text.normalize('NFKC').replace(uuid, '');
  return secrets.filter((secret) => inAnyForm(secret).test(searched));
};

const groupsOf = (digits: string, size: number, between: string): string =>
  digits.match(new RegExp(`\\d{1,${size}}`, 'g'))?.join(between) ?? '';

const fullWidth = (digits: string): string =>
  digits.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

/** The ways in which an upstream may write digits. */
const forms: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => groupsOf(digits, 4, '-'),
  (digits) => groupsOf(digits, 4, ' '),
  (digits) => groupsOf(digits, 2, '.'),
  fullWidth,
];

const inSentence = (body: object): string =>
  Object.entries(body)
    .map(([key, value]) => `the ${key} ${String(value)} is invalid`)
    .join(', ');

const inPairs = (body: object): string =>
  new URLSearchParams(Object.entries(body).map(([key, value]) => [key, String(value)])).toString();

/** The ways in which an upstream may repeat what it was sent. */
const repetitions: readonly ((body: object) => string)[] = [JSON.stringify, inSentence, inPairs];

/** All that an upstream may make of a request when it repeats it. */
export const echoesOf = (body: unknown): string[] =>
  repetitions.flatMap((repeat) =>
    forms.map((form) => repeat(Object(body)).replace(/\d{3,}/g, (digits) => form(digits))),
  );

/** Everything in which digits may be written. */
export const writtenAs = (digits: string): string[] => forms.map((form) => form(digits));
