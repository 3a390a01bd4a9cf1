import { z } from 'zod';
import { identifier } from '../endpoint/endpoint.ts';
import { isRecord, type Row } from '../endpoint/row.ts';

/** A nested row with its own number. */
export type Part = Row & { readonly id: string | number };

const outline = z.object({ id: identifier });

const isPart = (wire: unknown): wire is Part => outline.safeParse(wire).success;

/** Reads a nested row; `null` if there is none: PHP writes an empty one as a list. */
export const toPart = (wire: unknown): Part | null => (isPart(wire) ? wire : null);

/** Reads nested rows: no request uses their numbers, which may be missing. */
export const toParts = (wire: unknown): readonly Row[] | null =>
  Array.isArray(wire) ? wire.filter(isRecord) : null;
