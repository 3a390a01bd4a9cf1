import { isRecord } from '../endpoint/row.ts';

/** No envelope has more levels. */
const deepest = 3;

/** Whether a node of a body is the payload, the list that contains it, or the list that was shortened to it. */
const holds = (node: unknown, payload: unknown): boolean => {
  if (node === payload) return true;
  if (!Array.isArray(node)) return false;
  if (isRecord(payload)) return node[0] === payload;
  return Array.isArray(payload) && payload.length > 0 && node.includes(payload[0]);
};

/** Returns the keys that lead from a body to its payload; `null` if the payload is not a part of the body. */
export const payloadPath = (body: unknown, payload: unknown, depth = 0): readonly string[] | null => {
  if (holds(body, payload)) return [];
  if (depth === deepest || !isRecord(body)) return null;
  for (const [key, value] of Object.entries(body)) {
    const path = payloadPath(value, payload, depth + 1);
    if (path) return [key, ...path];
  }
  return null;
};
