import type { RpcRequest } from '../rpc-messages.ts';

/** What a client says of the call of a tool. */
export interface ToolCallParams {
  /** `undefined` if it is not a text. */
  readonly name: string | undefined;
  readonly input: unknown;
}

export const paramsOf = ({ params }: Pick<RpcRequest, 'params'>): ToolCallParams => {
  const { name, arguments: input = {} }: { readonly name?: unknown; readonly arguments?: unknown } =
    typeof params === 'object' && params !== null ? params : {};
  return { name: typeof name === 'string' ? name : undefined, input };
};
