import { recoveryConnectOperations } from '../upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../upstreams/scollect/operations.ts';

/** Every documented operation of both systems; no name is in both. */
export const operations = { ...scollectOperations, ...recoveryConnectOperations } as const;

export type OperationName = keyof typeof operations;

/** The operations that return the tokens for all others. */
export const logIns: readonly OperationName[] = ['login', 'authenticate'];
