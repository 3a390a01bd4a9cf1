import { scopes as allScopes, type Caller, type Scope } from '../../operation/caller.ts';
import type { Tool } from './tool.ts';

type Tools = ReadonlyMap<string, Tool>;

/** Whether a caller has every scope that the result of a tool requires. */
export const isPermitted = (
  { scopes: required }: Pick<Tool, 'scopes'>,
  caller: Caller | undefined,
): boolean => {
  const held: ReadonlySet<string> = new Set(caller?.scopes);
  return [...required].every((scope) => held.has(scope));
};

/** Returns the scopes that tools require, and that for personal data if one of them may return it, in a fixed order. */
export const scopesOfTools = (tools: Tools): readonly Scope[] => {
  const used = new Set<string>();
  for (const { scopes, showsPersonalData } of tools.values()) {
    for (const scope of scopes) used.add(scope);
    if (showsPersonalData) used.add('pii:read');
  }
  return allScopes.filter((scope) => used.has(scope));
};
