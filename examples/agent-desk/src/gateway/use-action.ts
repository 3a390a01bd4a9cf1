import { useState } from 'react';
import type { TypedDocumentString } from '../../generated/graphql.ts';
import { mutate } from './client.ts';
import { type Failure, outcomeOf, type Success, type SuccessOf } from './outcome.ts';

type WithOutcome = { readonly outcome: { readonly __typename: string } | null };

interface ActionOptions<Value> {
  /** Where to look if the response is lost. */
  readonly whatToCheck: string;
  readonly onSuccess: (outcome: Success<Value>) => void;
  /** Called if the write may have been executed: what is shown may be out of date. */
  readonly onUnknown: () => void;
}

/** A mutation of a form: whether it is in flight, and the outcome of the last one. */
export const useAction = <Data extends WithOutcome, Variables extends object>(
  document: TypedDocumentString<Data, Variables>,
  { whatToCheck, onSuccess, onUnknown }: ActionOptions<SuccessOf<Data>>,
) => {
  const [isSending, setIsSending] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  const send = async (variables: Variables): Promise<void> => {
    setIsSending(true);
    setFailure(undefined);
    const outcome = outcomeOf(await mutate(document, variables), whatToCheck);
    setIsSending(false);
    if (outcome.kind === 'success') onSuccess(outcome);
    else setFailure(outcome);
    if (outcome.kind === 'unknown') onUnknown();
  };

  return { isSending, failure, send };
};
