import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('the options of the doctor', () => {
  it.each([
    [[], { json: false, shapes: undefined, help: false }],
    [['--json'], { json: true, shapes: undefined, help: false }],
    [['--shapes', 'a.json', '--json'], { json: true, shapes: 'a.json', help: false }],
    [['--shapes=a.json'], { json: false, shapes: 'a.json', help: false }],
    [['--help'], { json: false, shapes: undefined, help: true }],
    [['-h'], { json: false, shapes: undefined, help: true }],
  ])('%j', (given, options) => {
    expect(readOptions(given)).toEqual(options);
  });

  it.each([
    [['--jsn'], 'Option 1 is unknown; expected --json, --shapes, --help.'],
    [['--json', 'CANARY'], 'Option 2 is unknown; expected --json, --shapes, --help.'],
    [['--CANARY=CANARY'], 'Option 1 is unknown; expected --json, --shapes, --help.'],
    [['--'], 'Option 1 is unknown; expected --json, --shapes, --help.'],
    [['--shapes'], '--shapes: expected the path of a new file.'],
    [['--shapes', '--json'], '--shapes: expected the path of a new file.'],
    [['--shapes='], '--shapes: expected the path of a new file.'],
    [['--shapes', 'a', 'b'], 'Option 3 is unknown; expected --json, --shapes, --help.'],
    [['--json=CANARY'], '--json: expected no value.'],
  ])('%j is rejected', (given, message) => {
    expect(() => readOptions(given)).toThrow(message);
    expect(() => readOptions(given)).not.toThrow('CANARY');
  });
});
