import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import type { OperationShape } from './response-shapes.ts';
import type { PathShape, Shape } from './shape.ts';

/** Changes with the meaning of a key of the file; further keys may appear without. */
const fileVersion = 1;

const formatName = 'recollect-shapes';

const rangeOf = ([least, most]: readonly [number, number]): string =>
  least === most ? String(least) : `${least}-${most}`;

const sorted = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));

const pathEntry = ({ seen, types, blank, formats, length }: PathShape) => ({
  seen,
  types: sorted(types),
  ...(blank > 0 && { blank }),
  ...(Object.keys(formats).length > 0 && { formats: sorted(formats) }),
  ...(length !== null && { length: rangeOf(length) }),
});

const shapeEntry = (shape: Shape) =>
  sorted(Object.fromEntries([...shape].map(([path, found]) => [path, pathEntry(found)])));

/** Returns the content of the file: names of the documentation, forms and counts. */
export const shapesContent = (operations: readonly OperationShape[]): string => {
  const content = {
    format: formatName,
    version: fileVersion,
    operations: operations.map(({ endpoint, responses, drift, differences }) => ({
      upstream: endpoint.system,
      operation: endpoint.operation,
      method: endpoint.method,
      path: endpoint.path,
      responses: responses.map(({ status, mediaType, responses: count, shape }) => ({
        status,
        mediaType,
        count,
        shape: shapeEntry(shape),
      })),
      drift,
      differences,
    })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
};

/** The file of the shapes cannot be written. The message contains no path. */
export class ShapesFileError extends Error {
  constructor(problem: string) {
    super(`--shapes: ${problem}`);
    this.name = 'ShapesFileError';
  }
}

const exists = (): ShapesFileError =>
  new ShapesFileError('the file exists; expected the path of a new file.');

/** @throws {ShapesFileError} if there is a file: it is never overwritten. */
export const ensureNew = (file: string): void => {
  if (existsSync(file)) throw exists();
};

/**
 * Writes a new file as a whole, readable for its owner only.
 *
 * @throws {ShapesFileError} and leaves nothing new.
 */
export const writeNewFile = (file: string, content: string): void => {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx', flush: true });
    // Unlike a rename, a link fails if the file has been created meanwhile.
    linkSync(draft, file);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw code === 'EEXIST'
      ? exists()
      : new ShapesFileError(`the file cannot be written; the system says ${code}.`);
  } finally {
    rmSync(draft, { force: true });
  }
};
