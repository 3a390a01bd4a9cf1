import { corpusOf } from './corpus.ts';
import { forRequest } from './own-keys.ts';
import { type Answer, type LocalUpstream, type Received, startUpstream } from './upstream.ts';

type Answers = Readonly<Record<string, Answer | ((request: Received) => Answer | Promise<Answer>)>>;

const matches = (template: string, path: string): boolean =>
  new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);

/**
 * Serves one system by its documented successes, with the keys that are requested, but for the operations with an
 * answer of their own.
 */
export const startCorpusUpstream = (
  system: 'scollect' | 'recoveryconnect',
  answers: Answers = {},
): Promise<LocalUpstream> => {
  const corpus = corpusOf(system);
  return startUpstream((request) => {
    const file = corpus.find(({ method, path }) => method === request.method && matches(path, request.path));
    if (!file) return { status: 404, html: 'no such route' };
    const answer = answers[file.operation] ?? { json: forRequest(file.operation, request, file.success) };
    return typeof answer === 'function' ? answer(request) : answer;
  });
};
