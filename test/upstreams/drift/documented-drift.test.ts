import { describe, expect, it } from 'vitest';
import { driftOf } from '../../../src/upstreams/drift/drift-of.ts';
import { type CorpusFile, corpusOf } from '../../support/corpus.ts';
import { endpointOf } from '../../support/own-keys.ts';

const files = [...corpusOf('scollect'), ...corpusOf('recoveryconnect')];

const bodiesOf = ({ success, failures }: CorpusFile): unknown[] =>
  [success, ...failures.map(({ response }) => response)].filter((body) => body !== null);

describe('the documented responses', () => {
  it.each(files.map((file) => [file.operation, file] as const))('%s: no drift', (operation, file) => {
    const drifts = bodiesOf(file).flatMap((json) =>
      driftOf(endpointOf(operation), { status: 200, headers: {}, json }),
    );
    expect(drifts).toEqual([]);
  });
});
