import type { Endpoint } from './endpoint.ts';
import type { HttpReply, Verdict } from './verdict.ts';

/**
 * The kind of a deviation from the documented responses.
 *
 * `unexpected_value`: a column cannot read a value that is not blank. `unknown_key`: a row has a key that is neither
 * documented nor read. `missing_key`: a row lacks a key that all documented rows have and a column reads. `envelope`:
 * the envelope has another form, or is not recognised.
 */
export const driftKinds = ['unexpected_value', 'unknown_key', 'missing_key', 'envelope'] as const;

export type DriftKind = (typeof driftKinds)[number];

/** A deviation of a response from the documented ones. It contains no value. */
export interface Drift {
  readonly kind: DriftKind;
  /** The path of keys from the row, or from the body for an envelope. Keys that may be data are masked. */
  readonly at: string;
  /** The type, the length and the format of the value; `missing` without one, `rows` for rows elsewhere. */
  readonly shape: string;
}

/** Compares responses with the documented ones. */
export interface ResponseExaminer {
  /** Returns the deviations of a response, each path once for each kind. */
  readonly driftOf: (endpoint: Endpoint, reply: HttpReply, verdict: Verdict) => readonly Drift[];
  /** Returns the deviations of rows without their envelope. */
  readonly driftOfRows: (endpoint: Endpoint, rows: readonly unknown[]) => readonly Drift[];
  /** Describes a response without its values. */
  readonly sampleOf: (reply: HttpReply) => string;
}
