import type { InputFieldMap } from '@pothos/core';
import { z } from 'zod';
import { builder } from '../kit/builder.ts';
import { optional } from '../kit/checks.ts';
import type { InputFieldBuilder } from '../kit/mutation.ts';
import type { FieldKind } from './field-kinds.ts';

// Inputs whose every field is written by a call of its own: made of tables, each of which gives both the input's type
// and its check. What a check gives are the calls, in the order of the table.

/** One call: what it is for, and what it sets to what. */
export interface FieldWrite {
  /** The way to the field within the input. */
  readonly field: string;
  readonly fieldname: string;
  readonly fieldvalue: string;
}

type InputRef = ReturnType<typeof builder.inputType>;

/** A field of an input, with all that stands within it. */
export interface Member {
  readonly type: FieldKind['type'] | InputRef | [InputRef];
  readonly description: string;
  /** Gives the calls, with the ways to their fields within this one. */
  readonly check: z.ZodType<readonly FieldWrite[]>;
}

export type Members = Readonly<Record<string, Member>>;

/** Puts calls below a field of the input; an empty way is that field itself. */
export const below = (name: string, writes: readonly FieldWrite[]): FieldWrite[] =>
  writes.map((write) => ({ ...write, field: write.field === '' ? name : `${name}.${write.field}` }));

/** Describes a field: what it is, and the form of its value. */
export const descriptionOf = (what: string, { form }: FieldKind): string =>
  form === '' ? `${what}.` : `${what}: ${form}.`;

/** A field that is written by one call. */
export const written = (fieldname: string, kind: FieldKind, what: string): Member => ({
  type: kind.type,
  description: descriptionOf(what, kind),
  check: kind.check.transform((fieldvalue) => [{ field: '', fieldname, fieldvalue }]),
});

/** Checks the members, each of which may be left out. */
const checkOf = (members: Members): z.ZodType<readonly FieldWrite[]> =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(members).map(([name, { check }]) => [
          name,
          optional(check).transform((writes = []) => below(name, writes)),
        ]),
      ),
    )
    .transform((writes) => Object.values(writes).flat());

/** Checks an input made of members, of which at least one is to be given. */
export const checkOfInput = (members: Members): z.ZodType<readonly FieldWrite[]> =>
  checkOf(members).refine((writes) => writes.length > 0, { error: 'Expected at least one field to change.' });

const inputFields = (t: InputFieldBuilder, members: Members): InputFieldMap =>
  Object.fromEntries(
    Object.entries(members).map(([name, { type, description }]) => [
      name,
      t.field({ type, required: false, description }),
    ]),
  );

const leftOut = 'Omitted or null fields are unchanged.';

export const inputTypeOf = (name: string, description: string, members: Members): InputRef =>
  builder.inputType(name, {
    description: `${description} ${leftOut}`,
    fields: (t) => inputFields(t, members),
  });

const shared = new Map<string, InputRef>();

/**
 * Members that stand together in an input of their own.
 *
 * @param typeName one type serves all whose members have the same names and kinds: the first of them makes it.
 */
export const groupedMembers = (typeName: string, description: string, members: Members): Member => {
  const type = shared.get(typeName) ?? inputTypeOf(typeName, description, members);
  shared.set(typeName, type);
  return { type, description, check: checkOf(members) };
};
