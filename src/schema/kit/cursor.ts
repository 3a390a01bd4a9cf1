import { hash } from 'node:crypto';
import type { OpaqueDigest } from '../../lib/opaque-digest.ts';
import type { Context } from '../../request/context.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { badInput } from './input-error.ts';

// A cursor contains a tag of its list, so that no other list accepts it. What identifies a list may be personal data, such
// as an account number or a VIN in a filter. These have few values: from a plain digest, however short, an account number of
// six digits is found within a second by computing the digests of all. So the tag is a digest by a key of the gateway:
// without the key no value can be tried outside the gateway.
//
// The same holds for a row without a number of its own: a caller may know all of it but a masked phone number.

/** The index of an item in a list, and the key that distinguishes it from the others. */
export interface PagePosition {
  readonly index: number;
  readonly key: string;
}

/** 48 bits: the cursor of another list is accepted once in 10^14 times. */
const tagLength = 8;
const rowDigestLength = 16;

const form = /^(?<index>\d{1,9}):(?<tag>[\w-]{8}):(?<key>.*)$/s;

/** The cursors of one list. Nothing is computed before a cursor is read or written. */
export class ListCursors {
  readonly #opaque: OpaqueDigest;
  readonly #list: readonly unknown[];
  #digest: string | undefined;

  /** @param list identifies the list by values that have one JSON text each. */
  constructor(opaque: OpaqueDigest, list: readonly unknown[]) {
    this.#opaque = opaque;
    this.#list = list;
  }

  get #digestOfList(): string {
    this.#digest ??= this.#opaque('list', JSON.stringify(this.#list));
    return this.#digest;
  }

  get #tag(): string {
    return this.#digestOfList.slice(0, tagLength);
  }

  /** Returns a cursor with the key and the index of its item: an item that has moved is found by its key. */
  write({ index, key }: PagePosition): string {
    return Buffer.from(`${index}:${this.#tag}:${key}`).toString('base64url');
  }

  /** @throws {GraphQLError} with the code BAD_USER_INPUT for any text but a cursor of this list. */
  read(cursor: string | null | undefined, argument: string): PagePosition | undefined {
    if (cursor === null || cursor === undefined) return undefined;
    const { index, tag, key = '' } = form.exec(Buffer.from(cursor, 'base64url').toString())?.groups ?? {};
    if (index !== undefined && tag === this.#tag) return { index: Number(index), key };
    throw badInput(
      argument,
      'a cursor that came with an earlier page of this list: of the same field and object, with the same filter and order',
    );
  }

  /**
   * Returns a digest of a row that has no number of its own; it distinguishes the row from others.
   *
   * Its secret is the rest of the list's digest, 84 bits that no cursor contains. As the result is cut, it cannot be continued to
   * that of a longer text, for which others use an HMAC at twice the cost.
   */
  digestOf(row: Row): string {
    const text = this.#digestOfList.slice(tagLength) + JSON.stringify(row);
    return hash('sha256', text, 'base64url').slice(0, rowDigestLength);
  }
}

/**
 * Returns the cursors of a list.
 *
 * @param field the coordinates of the connection.
 * @param of what distinguishes the list from others of the field: the key of its parent, filter and order.
 */
export const cursorsOf = (
  { opaque }: Pick<Context, 'opaque'>,
  field: `${string}.${string}`,
  ...of: readonly unknown[]
): ListCursors => new ListCursors(opaque, [field, ...of]);
