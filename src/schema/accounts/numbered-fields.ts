import { z } from 'zod';
import { builder } from '../kit/builder.ts';
import { integer, optional } from '../kit/checks.ts';
import { below, descriptionOf, type FieldWrite, type Member } from './field-inputs.ts';
import type { FieldKind } from './field-kinds.ts';

// Columns of which there are several, each identified by its number. Numbers count from 1.

interface Place {
  readonly number: number;
  readonly writes: readonly FieldWrite[];
}

/** Checks a list of places, each of which is named once. */
const inPlaces = (place: z.ZodType<Place>): Member['check'] =>
  z
    .array(place)
    .superRefine((places, { addIssue }) => {
      for (const [index, { number }] of places.entries()) {
        if (places.findIndex((one) => one.number === number) === index) continue;
        addIssue({ code: 'custom', path: [index, 'number'], message: 'Expected each number once.' });
      }
    })
    .transform((places) => places.flatMap(({ writes }, index) => below(String(index), writes)));

interface Values {
  readonly fieldnames: readonly string[];
  readonly kind: FieldKind;
  /** What a value is. */
  readonly what: string;
}

const whichOf = ({ fieldnames: { length } }: Values) => ({
  check: integer(1, length),
  description: `Which of them, from 1 to ${length}.`,
});

const writesAt = (field: string, { fieldnames }: Values, number: number, fieldvalue: string | undefined) => {
  const fieldname = fieldnames[number - 1];
  return fieldname === undefined || fieldvalue === undefined ? [] : [{ field, fieldname, fieldvalue }];
};

/** Numbered values. In the list of what was changed an item stands for its value. */
export const numberedValues = (
  typeName: string,
  itemDescription: string,
  values: Values,
  description: string,
): Member => {
  const { kind, what } = values;
  const which = whichOf(values);
  const type = builder.inputType(typeName, {
    description: itemDescription,
    fields: (t) => ({
      number: t.int({ required: true, description: which.description }),
      value: t.field({ type: kind.type, required: true, description: descriptionOf(what, kind) }),
    }),
  });
  const place = z
    .strictObject({ number: which.check, value: kind.check })
    .transform(({ number, value }) => ({ number, writes: writesAt('', values, number, value) }));
  return { type: [type], description, check: inPlaces(place) };
};

/** Numbered things of a type and a value, either of which may be left out. */
export const numberedThings = (
  typeName: string,
  itemDescription: string,
  { type, value }: { readonly type: Values; readonly value: Values },
  description: string,
): Member => {
  const which = whichOf(type);
  const inputType = builder.inputType(typeName, {
    description: itemDescription,
    fields: (t) => ({
      number: t.int({ required: true, description: which.description }),
      type: t.field({ type: type.kind.type, description: descriptionOf(type.what, type.kind) }),
      value: t.field({ type: value.kind.type, description: descriptionOf(value.what, value.kind) }),
    }),
  });
  const place = z
    .strictObject({
      number: which.check,
      type: optional(type.kind.check),
      value: optional(value.kind.check),
    })
    .refine((given) => given.type !== undefined || given.value !== undefined, {
      error: 'Expected a type, a value, or both.',
    })
    .transform((given) => ({
      number: given.number,
      writes: [
        ...writesAt('type', type, given.number, given.type),
        ...writesAt('value', value, given.number, given.value),
      ],
    }));
  return { type: [inputType], description, check: inPlaces(place) };
};
