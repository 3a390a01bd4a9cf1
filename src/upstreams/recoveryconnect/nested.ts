import { z } from 'zod';
import { identifier } from '../endpoint/endpoint.ts';
import { isRecord, type Row } from '../endpoint/row.ts';

/** A row inside a row, with its own number. */
export type Part = Row & { readonly id: string | number };

const outline = z.object({ id: identifier });

const isPart = (wire: unknown): wire is Part => outline.safeParse(wire).success;

/** Reads a row inside a row; `null` where there is none: an empty one is written as a list, as PHP does. */
export const toPart = (wire: unknown): Part | null => (isPart(wire) ? wire : null);

/** Reads the rows inside a row: nothing asks for them by their numbers, so one without is as good. */
export const toParts = (wire: unknown): readonly Row[] | null =>
  Array.isArray(wire) ? wire.filter(isRecord) : null;
