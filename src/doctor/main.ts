import { examine } from './examine.ts';
import { type Options, OptionsError, readOptions, usage } from './options.ts';
import { createJsonOutput, createTextOutput } from './output.ts';
import { ok, type Report, trouble } from './result.ts';
import type { OperationShape } from './shapes/response-shapes.ts';
import { ensureNew, ShapesFileError, shapesContent, writeNewFile } from './shapes/shapes-file.ts';

const print = (text: string): void => {
  process.stdout.write(text);
};

const file = { id: 'shapes', subject: 'Shapes of the responses' };

const writeShapes = (target: string, operations: readonly OperationShape[], report: Report): void => {
  try {
    writeNewFile(target, shapesContent(operations));
    report(ok(file, `written: ${operations.length} operations, without values.`));
  } catch (error) {
    if (!(error instanceof ShapesFileError)) throw error;
    report(trouble(file, error.message));
  }
};

const run = async ({ json, shapes }: Options): Promise<number> => {
  if (shapes !== undefined) ensureNew(shapes);
  const output = (json ? createJsonOutput : createTextOutput)(print);
  const operations = await examine(output.add);
  if (shapes !== undefined) writeShapes(shapes, operations, output.add);
  return output.end() ? 0 : 1;
};

/** Returns the exit code: 1 for trouble, 2 for options that cannot be used. */
const main = async (): Promise<number> => {
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options.help) return await run(options);
    print(usage);
    return 0;
  } catch (error) {
    if (error instanceof OptionsError || error instanceof ShapesFileError) {
      process.stderr.write(`${error.message}\nnpm run doctor -- --help lists the options.\n`);
      return 2;
    }
    // Its message or its stack may contain a path or a value.
    const { code, name } = error as NodeJS.ErrnoException;
    process.stderr.write(`The doctor failed; the system says ${code ?? name ?? 'nothing'}.\n`);
    return 1;
  }
};

process.exitCode = await main();
