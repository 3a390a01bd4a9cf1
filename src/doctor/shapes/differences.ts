import { isFreeText } from '../../telemetry/redaction/value-format.ts';
import { type PathShape, root, type Shape, type ValueType } from './shape.ts';

/**
 * The kind of a difference from the documented bodies.
 *
 * `envelope`: a part of the response around its rows is missing, unknown or of another type. `type`, `format`: a value
 * has another one.
 */
export type DifferenceKind = 'envelope' | 'missing_key' | 'unknown_key' | 'type' | 'format';

export interface Difference {
  readonly kind: DifferenceKind;
  /** The path in the body, with masked keys. */
  readonly at: string;
  /** The documented types or formats; empty for an unknown key. */
  readonly documented: readonly string[];
  /** Those that were found; empty for a missing key. */
  readonly found: readonly string[];
}

const parentOf = (path: string): string | null => {
  if (path === root) return null;
  const cut = /^(.*?)(?:\[\]|\["(?:[^"\\]|\\.)*"\]|\.?(?:\w+|\{[^{}]*\}))$/s.exec(path)?.[1];
  return cut === undefined || cut === '' ? root : cut;
};

/** Whether one of the containers of a path is in a set. */
const isBelow = (path: string, paths: ReadonlySet<string>): boolean => {
  for (let parent = parentOf(path); parent !== null; parent = parentOf(parent)) {
    if (paths.has(parent)) return true;
  }
  return false;
};

const typesIn = ({ types }: PathShape): ValueType[] =>
  (Object.keys(types) as ValueType[]).filter((type) => type !== 'null').sort();

/** Formats that decoders read alike, and that change with the value. */
const groupOf = (format: string): string => {
  if (isFreeText(format)) return 'text';
  return /^(?:\d+ )?digits$|^[($-]*9(?:,999)?(?:\.9+)?[)%-]?$/.test(format) ? 'number' : format;
};

/** Formats that show no deviation: a missing value, and forms beyond the maximum. */
const isSilent = (format: string): boolean => format === 'placeholder' || format === 'other formats';

/** Day and month in both orders, where the order is not visible. */
const eitherOrder = /^(.{3}) or (.{3})/;

/** Whether a found format may be the documented one. The documents write the month first. */
const agrees = (documented: string, found: string): boolean => {
  const expected = documented.replace(eitherOrder, '$1');
  return [found.replace(eitherOrder, '$1'), found.replace(eitherOrder, '$2')].includes(expected);
};

const formatsIn = (shape: PathShape): string[] => [
  ...new Set(
    Object.keys(shape.formats)
      .filter((format) => !isSilent(format))
      .map(groupOf),
  ),
];

/** Returns the formats of texts that no documented value has. */
const newFormats = (documented: PathShape, found: PathShape): string[] => {
  const known = formatsIn(documented);
  // A documented text may be anything, and no documented text shows no format.
  if (known.length === 0 || known.includes('text') || documented.types.text === undefined) return [];
  if (found.types.text === undefined) return [];
  return formatsIn(found).filter((format) => !known.some((one) => agrees(one, format)));
};

const depthOf = (path: string): number => {
  let depth = 0;
  for (let parent = parentOf(path); parent !== null; parent = parentOf(parent)) depth += 1;
  return depth;
};

/** The body itself and its own keys are the envelope. */
const isEnvelope = (path: string): boolean => depthOf(path) <= 1;

const shownTypes = (shape: PathShape): string[] => {
  const types = typesIn(shape);
  return types.length === 0 ? ['null'] : types;
};

const compareAt = (at: string, documented: PathShape, found: PathShape): Difference | undefined => {
  const [known, types] = [typesIn(documented), typesIn(found)];
  if (known.length > 0 && types.some((type) => !known.includes(type))) {
    return { kind: isEnvelope(at) ? 'envelope' : 'type', at, documented: known, found: types };
  }
  const formats = newFormats(documented, found);
  return formats.length === 0
    ? undefined
    : { kind: 'format', at, documented: Object.keys(documented.formats).sort(), found: formats.sort() };
};

/** Whether a container was found at all: an empty list shows no keys. */
const hasContainer = (shape: Shape, path: string): boolean => {
  const parent = parentOf(path);
  if (parent === null) return true;
  const { types } = shape.get(parent) ?? {};
  return path.endsWith('[]') ? false : (types?.object ?? 0) > 0;
};

/**
 * Returns what differs in the found bodies. Nothing below a difference is listed.
 *
 * @param optional further paths of the envelope, which are documented without an example.
 */
export const differencesBetween = (
  documented: Shape,
  found: Shape,
  optional: ReadonlySet<string> = new Set(),
): Difference[] => {
  const differences: Difference[] = [];
  const reported = new Set<string>();
  const report = (difference: Difference): void => {
    differences.push(difference);
    reported.add(difference.at);
  };
  for (const [at, shape] of found) {
    if (isBelow(at, reported) || optional.has(at) || isBelow(at, optional)) continue;
    const known = documented.get(at);
    if (known) {
      const difference = compareAt(at, known, shape);
      if (difference) report(difference);
    } else if (hasContainer(documented, at)) {
      const kind = isEnvelope(at) ? 'envelope' : 'unknown_key';
      report({ kind, at, documented: [], found: shownTypes(shape) });
    }
  }
  for (const [at, shape] of documented) {
    if (found.has(at) || isBelow(at, reported) || !hasContainer(found, at)) continue;
    const kind = isEnvelope(at) ? 'envelope' : 'missing_key';
    report({ kind, at, documented: shownTypes(shape), found: [] });
  }
  return differences;
};

/** Another envelope hides the differences below it. */
const envelopeWeight = 1000;

const weightOf = (differences: readonly Difference[]): number =>
  differences.reduce((sum, { kind }) => sum + (kind === 'envelope' ? envelopeWeight : 1), 0);

/**
 * Returns the differences from the documented body that is most like the found ones: an operation has a success, and
 * failures of other forms.
 */
export const leastDifferences = (
  documented: readonly Shape[],
  found: Shape,
  optional?: ReadonlySet<string>,
): Difference[] => {
  const all = documented.map((shape) => differencesBetween(shape, found, optional));
  return all.reduce((least, other) => (weightOf(other) < weightOf(least) ? other : least), all[0] ?? []);
};
