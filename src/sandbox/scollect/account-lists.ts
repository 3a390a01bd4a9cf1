import getattempts from '../fixtures/scollect/getattempts.json' with { type: 'json' };
import getemails from '../fixtures/scollect/getemails.json' with { type: 'json' };
import getnotes from '../fixtures/scollect/getnotes.json' with { type: 'json' };
import getphones from '../fixtures/scollect/getphones.json' with { type: 'json' };
import { nothing } from './answers.ts';

/** The documented request and responses of a read that returns a list of records of an account. */
interface ListFixture {
  readonly params: { readonly filenumber: string };
  readonly success: { readonly result: readonly object[] | { readonly result: readonly object[] } };
  /** The response if there are no records. */
  readonly failures:
    | readonly []
    | readonly { readonly params: { readonly filenumber: string }; readonly response: unknown }[];
}

/**
 * The reads by file number that return a list of an account as it is. A line here is all that the sandbox needs for
 * another one: the handler and the documented records follow from the fixture.
 */
export const accountLists = {
  getattempts: { list: 'attempts', fixture: getattempts },
  getemails: { list: 'emails', fixture: getemails },
  getnotes: { list: 'notes', fixture: getnotes },
  getphones: { list: 'phones', fixture: getphones },
} as const satisfies Readonly<Record<string, { readonly list: string; readonly fixture: ListFixture }>>;

export type ListOperation = keyof typeof accountLists;

export type ListName = (typeof accountLists)[ListOperation]['list'];

const rowsIn = ({ success: { result } }: ListFixture): readonly object[] =>
  'result' in result ? result.result : result;

/** Returns new copies of the documented lists of an account; all other lists are empty. */
export const documentedLists = (filenumber: string): Record<ListName, object[]> => {
  const lists = Object.values(accountLists).map(({ list, fixture }) => [
    list,
    fixture.params.filenumber === filenumber ? structuredClone([...rowsIn(fixture)]) : [],
  ]);
  return Object.fromEntries(lists) as Record<ListName, object[]>;
};

/** Returns the documented success with other rows. */
export const successWith = ({ success }: ListFixture, rows: readonly object[]): unknown => ({
  ...success,
  result: 'result' in success.result ? { result: rows } : rows,
});

/** Returns the documented failure with another file number. */
export const failureFor = ({ failures: [failure] }: ListFixture, filenumber: string): unknown => {
  if (!failure) return nothing();
  const response = JSON.stringify(failure.response);
  // A replacement text must have no special patterns, and the escapes of JSON.
  return JSON.parse(
    response.replaceAll(failure.params.filenumber, () => JSON.stringify(filenumber).slice(1, -1)),
  );
};
