/** The part of an operation that routing uses. */
export interface Route {
  readonly method: string;
  /** The path template; parameters are in braces. */
  readonly path: string;
}

export type Match<Name> =
  | { readonly kind: 'found'; readonly name: Name; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrongMethod'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

interface Pattern<Name> {
  readonly name: Name;
  readonly method: string;
  readonly segments: readonly string[];
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const paramsOf = (
  pattern: readonly string[],
  path: readonly string[],
): Record<string, string> | undefined => {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const given = path[index] ?? '';
    if (isParameter(expected) && given !== '') params[expected.slice(1, -1)] = decode(given);
    else if (expected !== given) return undefined;
  }
  return params;
};

/** Creates a function that finds an operation by method and path. Fixed segments precede parameters. */
export const createRouter = <Name extends string>(routes: Readonly<Record<Name, Route>>) => {
  const patterns = (Object.keys(routes) as Name[]).map(
    (name): Pattern<Name> => ({
      name,
      method: routes[name].method,
      segments: routes[name].path.split('/'),
    }),
  );
  const parameters = ({ segments }: Pattern<Name>) => segments.filter(isParameter).length;
  patterns.sort((one, other) => parameters(one) - parameters(other));

  return (method: string, path: string): Match<Name> => {
    const segments = path.split('/');
    const allowed = new Set<string>();
    for (const pattern of patterns) {
      const params = paramsOf(pattern.segments, segments);
      if (params === undefined) continue;
      if (pattern.method === method) return { kind: 'found', name: pattern.name, params };
      allowed.add(pattern.method);
    }
    return allowed.size > 0 ? { kind: 'wrongMethod', allowed: [...allowed].sort() } : { kind: 'unknown' };
  };
};
